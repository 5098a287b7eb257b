using System.Globalization;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

/// <summary>A station's line, what it keeps of ours, and its device model, as people read them.</summary>
internal static class StationLineTables
{
    /// <summary>By OCPP's security profiles; what proves little stands out (S1).</summary>
    public static string Security(LineView? line) => line?.Profile switch
    {
        null => "",
        < 0 => "none: a field bus",
        0 => "0 NOTHING",
        1 => "1 password",
        2 => "2 TLS+password",
        _ => "3 certificate",
    };

    public static IEnumerable<IReadOnlyList<string?>> Rows(LineView? line, HoldingsView holdings)
    {
        if (line is not null)
        {
            yield return ["Security", $"{Security(line)}{(line.Note is { } note ? $" ({note})" : "")}"];
            yield return ["Messages", $"{line.Messages.ToString(CultureInfo.InvariantCulture)} on this line, {line.Warnings.ToString(CultureInfo.InvariantCulture)} with something to tolerate"];
            yield return ["Last heard", line.SilenceSeconds is { } silence ? $"{silence:0} s ago" : ""];
            if (line.IsQuarantined)
                yield return ["Quarantine", "heard, and given nothing, until it is let in: edge-gateway station accept"];
        }
        if (holdings.LocalList is { } list)
        {
            yield return
            [
                "Local list",
                list.Supported == false ? "it has none" : $"version {list.Version}, {Terminal.Count(list.Entries, "token")}, sent {Terminal.Time(list.Sent)}{(list.Trouble is { } why ? $"; {why}" : "")}",
            ];
        }
        foreach (var way in holdings.LimitWays)
            yield return ["Limits go by", way];
        if (holdings.ModelVariables is { } count)
            yield return ["Device model", $"{Terminal.Count(count, "variable")}, told {Terminal.Time(holdings.ModelTold)}; station show ID --model"];
    }

    public static void Model(Terminal terminal, IReadOnlyList<VariableView> model) => terminal.Table(
        ["Variable", "Value", "Unit", "Type", "Access"], model.Select(static v => (IReadOnlyList<string?>)[v.Name, v.Value, v.Unit, v.Type, v.Mutability]), "It told no variable.");
}
