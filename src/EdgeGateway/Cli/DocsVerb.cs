using System.CommandLine;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Quirks;
using EdgeGateway.Configuration;
using EdgeGateway.Mqtt;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Cli;

/// <summary>What the program knows of chargers and meters, printed from where it is used.</summary>
internal static class DocsVerb
{
    public static Command Create() => new("docs", "What the program knows: quirks of models, what is tolerated of chargers, devices on Modbus, the MQTT topics")
    {
        Quirks(),
        Tolerated(),
        Templates(),
        Mqtt(),
    };

    private static Command Quirks() => new Command("quirks", "The quirks of vendors' models: the configuration's own files, then the built-in book").Runs((parsed, terminal, _) =>
    {
        var read = ConfigurationReader.Read(Sources.OfProcess(parsed.GetValue(Verb.Config)));
        if (read.Configuration is null)
            terminal.Warn($"{read.Source} has faults: only the built-in book is shown.");
        foreach (var page in (read.Configuration?.Chargers.QuirkPages ?? []).AddRange(QuirkBook.Embedded))
        {
            terminal.Line($"{page.Source}: vendor {Pattern(page.Vendor)}, model {Pattern(page.Model)}, firmware {Pattern(page.Firmware)}");
            foreach (var value in StationQuirks.Of(new() { Id = "" }, null, [page]).Values.Where(static v => v.Name != "Hint"))
                terminal.Line($"  {value.Name}: {value.Value}");
            terminal.Line($"  {page.Quirks.Because}");
        }
        return Task.FromResult(0);
    });

    private static Command Tolerated() => new Command("tolerances", "All that is tolerated of chargers, and why").Runs(static (_, terminal, _) =>
    {
        foreach (var tolerated in Tolerances.All)
        {
            terminal.Line($"{tolerated.Code}: {tolerated.What}");
            terminal.Line($"  {tolerated.Because}");
        }
        return Task.FromResult(0);
    });

    private static Command Mqtt() => new Command("mqtt", "The MQTT topic tree: each topic, who publishes it, and what its payload says").Runs(static (_, terminal, _) =>
    {
        foreach (var line in TopicGuide.Lines())
            terminal.Line(line);
        return Task.FromResult(0);
    });

    private static Command Templates() => new Command("templates", "The meters and chargers on Modbus that are known, with the configuration's own").Runs(static (parsed, terminal, _) =>
    {
        var findings = new Findings();
        var book = ConfigurationReader.ReadTemplates(Sources.OfProcess(parsed.GetValue(Verb.Config)), findings);
        foreach (var line in book.All.SelectMany(TemplateSheet.Of))
            terminal.Line(line);
        foreach (var fault in findings.Faults)
            terminal.Warn(fault.ToString());
        return Task.FromResult(0);
    });

    private static string Pattern(string? pattern) => pattern switch { null => "*", "" => "(empty)", _ => pattern };
}
