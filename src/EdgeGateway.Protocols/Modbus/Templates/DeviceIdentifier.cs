using System.Globalization;

namespace EdgeGateway.Protocols.Modbus.Templates;

/// <summary>Finds out which device answers at a unit, by reading only: the checks of the device files, and SunSpec's mark. What a device says of itself is asked for before
/// what is only plausible, and no question twice.</summary>
public sealed class DeviceIdentifier(TemplateBook book, TimeProvider clock)
{
    /// <summary>Questions to one unit; with a long book of one's own the last ones are not asked.</summary>
    public const int QuestionLimit = 60;

    /// <summary>Unanswered questions at the start after which nobody is there. Two, for one is lost now and then.</summary>
    private const int SilenceLimit = 2;

    /// <summary>A unit that has answered and then does not may rest on its bus for a while; so often is that waited for.</summary>
    private const int RestLimit = 3;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2.5);

    /// <returns>Null: nobody answers there.</returns>
    public async Task<Identified?> IdentifyAsync(IModbusUnit unit, CancellationToken cancellationToken)
    {
        var talk = new Talk(unit, clock);
        var found = await FirstAsync(unit, talk, certain: true, cancellationToken);
        if (found is null && !talk.IsDeaf)
            found = await SunSpecAsync(unit, cancellationToken) ?? await FirstAsync(unit, talk, certain: false, cancellationToken);
        return found ?? (talk.HasAnswered ? Unknown(talk) : null);
    }

    /// <summary>The first template all of whose checks hold, of those with most checks first.</summary>
    private async Task<Identified?> FirstAsync(IModbusUnit unit, Talk talk, bool certain, CancellationToken cancellationToken)
    {
        foreach (var template in book.All.Where(t => !t.Identity.IsEmpty && t.Identity.Any(static c => c.IsCertain) == certain)
            .OrderByDescending(static t => t.Identity.Length).ThenBy(static t => t.Id, StringComparer.Ordinal))
        {
            var (fits, why) = await FitsAsync(template, talk, cancellationToken);
            if (talk.IsDeaf)
                return null;
            if (fits)
                return await NamedAsync(unit, template, why, cancellationToken);
        }
        return null;
    }

    private static async Task<(bool Fits, string Why)> FitsAsync(DeviceTemplate template, Talk talk, CancellationToken cancellationToken)
    {
        var seen = new List<string>();
        foreach (var check in template.Identity)
        {
            var words = await talk.AskAsync(new(check.Bank, check.Address, check.Count), cancellationToken);
            if (words is null || Shown(check, words) is not { } shown)
                return (false, "");
            seen.Add($"{check.Bank} {check.Address} is {shown}");
        }
        return (true, string.Join(", ", seen));
    }

    /// <summary>What the register shows where that fits; else null.</summary>
    private static string? Shown(IdentityCheck check, ushort[] words)
    {
        if (check.Type == RegisterType.Text)
            return RegisterDecoder.TextOf(words) is var text && check.Starts.Any(s => text.StartsWith(s, StringComparison.Ordinal)) ? $"'{text}'" : null;
        return RegisterDecoder.RawNumber(check.Type, check.Order, words) is { } number && check.Between.Any(r => number >= r.Least && number <= r.Most)
            ? Math.Round(number, 3).ToString(CultureInfo.InvariantCulture)
            : null;
    }

    private static async Task<Identified> NamedAsync(IModbusUnit unit, DeviceTemplate template, string why, CancellationToken cancellationToken)
    {
        var names = await new DeviceReader(unit, template).ReadAsync([Quantity.Serial, Quantity.Model], cancellationToken);
        return new(template.Id, template.Vendor, names.Text(Quantity.Model) ?? template.Model, names.Text(Quantity.Serial), why)
        {
            IsCertain = template.Identity.Any(static c => c.IsCertain),
        };
    }

    private async Task<Identified?> SunSpecAsync(IModbusUnit unit, CancellationToken cancellationToken)
    {
        if (await SunSpecWalk.FindAsync(unit, cancellationToken) is not { Device: { } device })
            return null;
        var template = device.Meter is null ? null : book.All.FirstOrDefault(static t => t.IsSunSpec)?.Id;
        var why = template is null ? SunSpecWalk.NoMeter(device).Text : $"a SunSpec device with meter model {device.Meter!.Id} at {device.Meter.Address}";
        return new(template, device.Vendor, device.Model, device.Serial, why) { IsCertain = true };
    }

    private static Identified Unknown(Talk talk) => new(null, null, null, null,
        talk.HasValues ? "it answers, but no device file fits what it shows" : "it answers, but refuses every register that was asked for");

    /// <summary>The questions to one unit and what came of them.</summary>
    private sealed class Talk(IModbusUnit unit, TimeProvider clock)
    {
        private readonly Dictionary<RegisterSpan, ushort[]?> _answers = [];
        private int _silences;
        private int _rests;

        /// <summary>Even a refusal shows that somebody is there.</summary>
        public bool HasAnswered { get; private set; }
        public bool HasValues { get; private set; }

        /// <summary>It makes no sense to ask on.</summary>
        public bool IsDeaf { get; private set; }

        public async Task<ushort[]?> AskAsync(RegisterSpan span, CancellationToken cancellationToken)
        {
            if (_answers.TryGetValue(span, out var known))
                return known;
            if (IsDeaf || _answers.Count >= QuestionLimit)
                return null;
            var answer = await unit.ReadAsync(span.Bank, span.Address, span.Count, cancellationToken);
            while (answer.Failure?.Fault == ModbusFault.Resting && HasAnswered && _rests++ < RestLimit)
            {
                await Task.Delay(Rest, clock, cancellationToken);
                answer = await unit.ReadAsync(span.Bank, span.Address, span.Count, cancellationToken);
            }
            Judge(answer);
            return _answers[span] = answer.Succeeded && answer.Words.Length == span.Count ? answer.Words.ToArray() : null;
        }

        private void Judge(ModbusAnswer answer)
        {
            HasAnswered |= answer.Succeeded || answer.Failure?.Fault == ModbusFault.Refused;
            HasValues |= answer.Succeeded;
            if (answer.Failure?.Fault is ModbusFault.Silent or ModbusFault.Resting)
                _silences++;
            IsDeaf = answer.Failure?.Fault is ModbusFault.NoLine or ModbusFault.NotSent || !HasAnswered && _silences >= SilenceLimit
                || answer.Failure?.Fault == ModbusFault.Resting;
        }
    }
}
