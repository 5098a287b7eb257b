using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

/// <summary>What is known of a charger beyond its state, as tables; those with nothing in them are left out.</summary>
internal static class StationLoreTables
{
    public static void Print(StationLore? lore, Terminal terminal)
    {
        if (lore is null)
            return;
        Table(["Quirk", "Value", "From", "Because"], lore.Quirks.Select(static q => (IReadOnlyList<string?>)[q.Name, q.Value, q.Origin, q.Because]), lore.Quirks.Count);
        Table(
            [lore.Strict ? "Tolerated (each an event)" : "Tolerated", "Times", "Last", "What it was"],
            lore.Tolerated.Select(static t => (IReadOnlyList<string?>)[t.Code, $"{t.Times}", Terminal.Time(t.Last), t.Text]), lore.Tolerated.Count);
        Table(
            ["Setting", "Wanted", "Is", "Stands", "Since"],
            lore.Settings.Select(static s => (IReadOnlyList<string?>)[s.Name, s.Wanted, s.Is, s.Verdict, Terminal.Time(s.When)]), lore.Settings.Count);

        void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows, int count)
        {
            if (count == 0)
                return;
            terminal.Line("");
            terminal.Table(columns, rows, "");
        }
    }
}
