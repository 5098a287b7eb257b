using System.Security.Cryptography;
using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Templates;

namespace EdgeGateway.Configuration;

/// <summary>What everything on Modbus is configured by: the book of devices with the installer's own (<c>Gateway:Modbus:TemplateFolder</c>), transports, units.
/// One for a file: two who share a line are to say the same of it.</summary>
internal sealed class ModbusReader
{
    /// <summary>Ids that an unknown one may have meant.</summary>
    private const int Nearest = 3;

    private const string FolderKey = "TemplateFolder";

    private readonly Dictionary<string, (ModbusTransport Transport, string Path)> _devices = new(StringComparer.Ordinal);

    public ModbusReader(Section gateway, string folder)
    {
        var own = Folder(gateway, folder);
        if (own is not null && !Directory.Exists(own))
        {
            gateway.Findings.Fault(gateway.Child("Modbus").At(FolderKey), own, "a folder that is there");
            own = null;
        }
        Book = TemplateBook.Load(own is null ? [] : [own], out var faults);
        foreach (var fault in faults)
        {
            if (fault.IsNotice)
                gateway.Findings.Note($"{fault}.");
            else
                gateway.Findings.Fault(fault.Line > 0 ? $"{fault.Source}:{fault.Line}" : fault.Source, "a device file that cannot be used", $"one without this fault: {fault.Text}");
        }
    }

    public TemplateBook Book { get; }

    /// <summary>The installer's files as they are now.</summary>
    public static IEnumerable<string> Files(Section gateway, string folder) =>
        Folder(gateway, folder) is { } own && Directory.Exists(own) ? Directory.EnumerateFiles(own, "*.json").Take(TemplateBook.FolderLimit).Order(StringComparer.Ordinal) : [];

    /// <summary>Changes when a file of the installer's does; the built-in ones stay as they are.</summary>
    public static string Stamp(DeviceTemplate template)
    {
        try
        {
            return File.Exists(template.Source) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(template.Source))) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it was read a moment ago, and will be told when it is read next
        }
    }

    public DeviceTemplate? Template(Section section, DeviceKind kind)
    {
        if (section.Text("Template", 100, required: true) is not { } id)
            return null;
        var known = Book.All.Where(t => t.Kind == kind).Select(static t => t.Id).ToList();
        if (Book.Find(id.ToLowerInvariant()) is { } template)
        {
            if (template.Kind == kind)
                return template;
            section.Findings.Fault(section.At("Template"), id, $"the id of a {(kind == DeviceKind.Meter ? "meter; this is a charger's" : "charger; this is a meter's")}");
            return null;
        }
        section.Findings.Fault(
            section.At("Template"), id, $"the id of a device, such as {string.Join(", ", known.OrderBy(k => Distance(k, id.ToLowerInvariant())).Take(Nearest))}");
        return null;
    }

    public ModbusTransport? Transport(Section section)
    {
        const string Key = "Transport";
        if (section.Text(Key, 512, required: true) is not { } text)
            return null;
        if (!ModbusTransport.TryParse(text, out var transport, out var fault))
        {
            section.Findings.Fault(section.At(Key), text, fault);
            return null;
        }
        if (transport.Wire != ModbusWire.Rtu)
            return transport;
        if (transport.Device.StartsWith("/dev/ttyUSB", StringComparison.Ordinal) || transport.Device.StartsWith("/dev/ttyACM", StringComparison.Ordinal))
            section.Findings.Note($"{section.At(Key)}: {transport.Device} may be another adapter after a restart; its name below /dev/serial/by-id is its own.");
        if (!_devices.TryAdd(transport.Device, (transport, section.At(Key))) && _devices[transport.Device] is var first && first.Transport != transport)
            section.Findings.Fault(section.At(Key), text, $"what {first.Path} says of the same device: {first.Transport}");
        return transport;
    }

    /// <param name="transport">Null: it was wrong, and is told.</param>
    public static byte Unit(Section section, ModbusTransport? transport) =>
        (byte)(transport?.Wire is ModbusWire.Rtu or ModbusWire.RtuOverTcp ? section.Integer("Unit", 1, 247) : section.Integer("Unit", 0, 255)).GetValueOrDefault(1);

    private static string? Folder(Section gateway, string folder) =>
        gateway.Child("Modbus").Text(FolderKey, 4000) is { } own ? Path.GetFullPath(own, folder) : null;

    /// <summary>Characters to be put in, taken out or changed.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }
}
