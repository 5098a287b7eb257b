using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Chargers.Dialects;
using EdgeGateway.Protocols.Ocpp.V21;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>What 2.x stations say they are made of (NotifyReport): kept one document a station, so that nobody has to ask for it again (B07, B08).</summary>
public sealed class DeviceModels(SiteEngine site, IDocuments documents, TimeProvider clock)
{
    /// <summary>Variables of one station; those beyond are left out, and the model says so (I16).</summary>
    public const int MostVariables = 5000;

    /// <summary>Characters of all names and values of one station together.</summary>
    public const int MostChars = 1 << 20;

    /// <summary>Null for a station that never told.</summary>
    public async ValueTask<DeviceModel?> ReadAsync(string station, CancellationToken cancel) =>
        await documents.ReadAsync(DocumentOf(station), cancel) is { } json ? JsonSerializer.Deserialize(json, ChargersJson.Default.DeviceModel) : null;

    /// <summary>Takes in a report that came whole. What it does not name stays as it was told before, unless the station has other firmware since.</summary>
    public async Task TakeAsync(string station, IEnumerable<ReportData> report, CancellationToken cancel)
    {
        var identity = site.State.Stations.GetValueOrDefault(station)?.Identity;
        var before = await ReadAsync(station, cancel) is { } known && known.IsOf(identity) ? known : new();
        var variables = new SortedDictionary<string, DeviceVariable>(StringComparer.OrdinalIgnoreCase);
        var chars = 0;
        var isCut = false;
        foreach (var variable in report.Select(Of).Concat(before.Variables))
        {
            if (variables.ContainsKey(variable.Name))
                continue;
            chars += variable.Chars;
            if (isCut = variables.Count >= MostVariables || chars > MostChars)
                break;
            variables.Add(variable.Name, variable);
        }
        var model = new DeviceModel
        {
            Vendor = identity?.Vendor, Model = identity?.Model, Firmware = identity?.Firmware,
            Told = clock.GetUtcNow(), IsCut = isCut, Variables = [.. variables.Values],
        };
        await documents.WriteAsync(DocumentOf(station), JsonSerializer.Serialize(model, ChargersJson.Default.DeviceModel), cancel);
    }

    private static DeviceVariable Of(ReportData data)
    {
        // Passwords are write-only by the standard; where a station tells one all the same, it is not kept (S11).
        var isSecret = FrameMasking.IsSecret(data.Variable.Name);
        string? Value(AttributeKind kind) =>
            data.VariableAttribute.FirstOrDefault(a => (a.Type ?? AttributeKind.Actual) == kind) is { Mutability: not Mutability.WriteOnly } attribute && !isSecret
                ? attribute.Value
                : null;
        var actual = data.VariableAttribute.FirstOrDefault(static a => a.Type is null or AttributeKind.Actual);
        var characteristics = data.VariableCharacteristics;
        return new(V21SettingName.Of(data.Component, data.Variable))
        {
            Value = Value(AttributeKind.Actual),
            Target = Value(AttributeKind.Target),
            MinSet = Value(AttributeKind.MinSet),
            MaxSet = Value(AttributeKind.MaxSet),
            Mutability = actual?.Mutability?.ToString(),
            Type = characteristics?.DataType.ToString(),
            Unit = characteristics?.Unit,
            Min = characteristics?.MinLimit,
            Max = characteristics?.MaxLimit,
            Choices = characteristics?.ValuesList,
        };
    }

    private static string DocumentOf(string station) => $"charger/{station.ToLowerInvariant()}/model";
}

/// <summary>A station's device model, of one model and firmware.</summary>
public sealed record DeviceModel
{
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public string? Firmware { get; init; }

    /// <summary>When the last report of it was whole.</summary>
    public DateTimeOffset Told { get; init; }

    /// <summary>It has more variables than are kept.</summary>
    public bool IsCut { get; init; }

    /// <summary>All, by name.</summary>
    public ImmutableArray<DeviceVariable> Variables { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <param name="name">As <see cref="V21SettingName"/> writes it: <c>Component.Variable</c>, <c>Component@1.Variable(instance)</c>; without case.</param>
    public DeviceVariable? Find(string name) => Variables.FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.OrdinalIgnoreCase));

    public DeviceVariable? Find(string component, string variable) => Find($"{component}.{variable}");

    /// <summary>Whether a boolean variable is known and true.</summary>
    public bool IsTrue(string name) => string.Equals(Find(name)?.Value?.Trim(), "true", StringComparison.OrdinalIgnoreCase);

    public bool IsOf(StationIdentity? identity) => Vendor == identity?.Vendor && Model == identity?.Model && Firmware == identity?.Firmware;
}

/// <summary>A variable of a station, as it was told last.</summary>
/// <param name="Name">As <see cref="V21SettingName"/> writes it.</param>
public sealed record DeviceVariable(string Name)
{
    /// <summary>Null where it is not told: write-only, or a secret.</summary>
    public string? Value { get; init; }
    public string? Target { get; init; }
    public string? MinSet { get; init; }
    public string? MaxSet { get; init; }

    /// <summary>ReadOnly, WriteOnly, ReadWrite.</summary>
    public string? Mutability { get; init; }

    /// <summary>OCPP's DataEnumType.</summary>
    public string? Type { get; init; }
    public string? Unit { get; init; }
    public decimal? Min { get; init; }

    /// <summary>Of a list: how many it takes.</summary>
    public decimal? Max { get; init; }

    /// <summary>Comma-separated, where only some values can be.</summary>
    public string? Choices { get; init; }

    internal int Chars => Name.Length + (Value?.Length ?? 0) + (Target?.Length ?? 0) + (MinSet?.Length ?? 0) + (MaxSet?.Length ?? 0) + (Choices?.Length ?? 0) + 64;
}
