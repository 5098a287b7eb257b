using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Tests.Protocols.Modbus.Templates;

/// <summary>Device files: what is built in is whole, an installer's own goes before it, and a broken one takes nothing from the others.</summary>
public sealed class TemplateBookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("templates").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void All_built_in_devices_can_be_found_by_their_id()
    {
        var book = TemplateBook.Load([], out var faults);

        Assert.Empty(faults);
        Assert.NotEmpty(book.All);
        Assert.All(book.All, t => Assert.Same(t, book.Find(t.Id)));
        Assert.Null(book.Find("nobody-made-this"));
    }

    [Fact]
    public void Every_built_in_device_tells_people_what_it_is_and_what_to_mind() => Assert.All(TemplateBook.Embedded.All, static t =>
    {
        string[] sheet = [.. TemplateSheet.Of(t)];
        Assert.StartsWith($"{t.Id}: {(t.Kind == DeviceKind.Meter ? "meter" : "charger")}, {t.Vendor} {t.Model} (built-in ", sheet[0], StringComparison.Ordinal);
        Assert.Equal("  " + t.Hint, sheet[^1]);
    });

    [Fact]
    public void An_installers_file_stands_for_the_built_in_one_and_says_so()
    {
        var own = Write("sdm.json", Example("eastron-sdm120"));

        var book = TemplateBook.Load([_folder], out var faults);

        Assert.Equal(own, book.Find("eastron-sdm120")!.Source);
        var notice = Assert.Single(faults);
        Assert.True(notice.IsNotice);
        Assert.Contains("built-in device eastron-sdm120", notice.ToString(), StringComparison.Ordinal);
        Assert.Single(book.All, t => t.Id == "eastron-sdm120");
    }

    [Fact]
    public void A_broken_file_takes_nothing_from_the_others()
    {
        var broken = Write("a.json", "{\n  \"id\": \"a\",\n  oops\n}");
        Write("b.json", Example("b-meter"));
        Write("c.json", Example("b-meter"));
        Write("d.json", new string(' ', 65 * 1024));

        var book = TemplateBook.Load([_folder, Path.Combine(_folder, "absent")], out var faults);

        Assert.NotNull(book.Find("b-meter"));
        Assert.NotNull(book.Find("eastron-sdm120"));
        Assert.Collection(faults,
            f => Assert.StartsWith($"{broken}:3: this is not JSON: ", f.ToString(), StringComparison.Ordinal),
            f => Assert.Equal($"{Path.Combine(_folder, "c.json")}: id b-meter is that of {Path.Combine(_folder, "b.json")} already", f.ToString()),
            f => Assert.Equal($"{Path.Combine(_folder, "d.json")}: a device file has at most 64 KiB", f.ToString()),
            f => Assert.Contains("absent: cannot be read: ", f.ToString(), StringComparison.Ordinal));
    }

    private static string Example(string id) => $$"""
        // With a comment, and a comma too many.
        { "id": "{{id}}", "vendor": "V", "model": "M", "kind": "meter", "values": [
          { "quantity": "power", "function": 3, "address": "0x10", "type": "int32", "order": "CDAB", "scale": 0.1, "unit": "kW" },
        ] }
        """;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
