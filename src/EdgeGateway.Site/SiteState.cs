using System.Collections.Immutable;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;
using EdgeGateway.Site.Requests;
using EdgeGateway.Site.Rules;

namespace EdgeGateway.Site;

/// <summary>The whole site at one moment. Immutable; <c>Handle</c> is the only way on.</summary>
public sealed record SiteState
{
    public required SiteConfiguration Configuration { get; init; }

    /// <summary>32 random bytes of this database.</summary>
    public required ImmutableArray<byte> Seed { get; init; }
    public required SiteCounters Counters { get; init; }

    /// <summary>By id, without case.</summary>
    public required ImmutableDictionary<string, Station> Stations { get; init; }

    /// <summary>Pending and active ones, by number.</summary>
    public required ImmutableDictionary<int, Session> Sessions { get; init; }

    /// <summary>Which session holds a connector: at most one, even where a charger's late messages keep older ones open.</summary>
    public required ImmutableDictionary<Position, int> Occupants { get; init; }
    /// <summary>Open sessions that are thought over and wait for a Stop, by number.</summary>
    public required ImmutableHashSet<int> Waiting { get; init; }

    /// <summary>Open sessions by their stations' own transaction ids (2.x).</summary>
    public ImmutableDictionary<TransactionKey, int> Transactions { get; init; } = ImmutableDictionary<TransactionKey, int>.Empty;
    public required ImmutableDictionary<string, HeldAdmission> Admissions { get; init; }

    /// <summary>By object.</summary>
    public required ImmutableDictionary<string, Stamp> Stamps { get; init; }

    /// <summary>By number: asked for, held, or on their way out.</summary>
    public ImmutableDictionary<int, Reservation> Reservations { get; init; } = ImmutableDictionary<int, Reservation>.Empty;

    /// <summary>Every EVSE that hubs were ever shown, by uid, without case; as it was last (LO2).</summary>
    public ImmutableDictionary<string, ShownEvse> Shown { get; init; } = ImmutableDictionary.Create<string, ShownEvse>(StringComparer.OrdinalIgnoreCase);

    /// <summary>When limits of a session were last set, or asked for (CP1). Of the last seconds only, and not kept over a restart.</summary>
    public ImmutableDictionary<LimitCall, DateTimeOffset> LimitCalls { get; init; } = ImmutableDictionary<LimitCall, DateTimeOffset>.Empty;

    /// <summary>The site as it was last committed, under this configuration.</summary>
    public static SiteState Restore(SiteConfiguration configuration, StoredSite stored) => new()
    {
        Configuration = configuration,
        Seed = stored.Seed,
        Counters = stored.Counters,
        Stations = stored.Stations.ToImmutableDictionary(s => s.Id, StringComparer.OrdinalIgnoreCase),
        Sessions = stored.OpenSessions.Select(s => s with { OwesUpdate = s.Hub is not null && s.LastUpdated > s.LastOwed }).ToImmutableDictionary(s => s.Number),
        Transactions = stored.OpenSessions.Where(s => s.Transaction is not null)
            .GroupBy(s => TransactionKey.Of(s.At.Station, s.Transaction!)).ToImmutableDictionary(g => g.Key, g => g.Max(s => s.Number)),
        Occupants = stored.OpenSessions.Where(s => s is { IsRunning: true, EndInferred: null })
            .GroupBy(s => s.At)
            .ToImmutableDictionary(g => g.Key, g => g.MaxBy(s => (s.StartedAt, s.Number))!.Number),
        Waiting = [.. stored.OpenSessions.Where(s => s.EndInferred is not null).Select(s => s.Number)],
        Admissions = stored.Admissions.ToImmutableDictionary(a => a.Id),
        Stamps = stored.Stamps.ToImmutableDictionary(s => s.Object),
        Shown = stored.Shown.ToImmutableDictionary(s => s.Evse.Uid, StringComparer.OrdinalIgnoreCase),
        Reservations = stored.Reservations.ToImmutableDictionary(r => r.Number),
    };

    /// <summary>Applies inputs in order. Pure: the same state, inputs and time give the same turn.</summary>
    /// <param name="recalled">Sessions of <see cref="Unremembered"/> that the journal found.</param>
    public Turn Handle(IReadOnlyList<SiteInput> inputs, ImmutableArray<Session> recalled, DateTimeOffset now) => Handle(inputs, (Recalled)recalled, now);

    /// <inheritdoc cref="Handle(IReadOnlyList{SiteInput}, ImmutableArray{Session}, DateTimeOffset)"/>
    public Turn Handle(IReadOnlyList<SiteInput> inputs, Recalled recalled, DateTimeOffset now)
    {
        var draft = new TurnDraft(this, recalled, now);
        var answers = ImmutableArray.CreateBuilder<object>(inputs.Count);
        foreach (var input in inputs)
            answers.Add(Apply(draft, input));
        return draft.Finish(answers.DrainToImmutable());
    }

    /// <summary>Which older sessions these inputs may be about. A start later than all others of its station cannot be a repeat.</summary>
    public IReadOnlyList<SessionKey> Unremembered(IReadOnlyList<SiteInput> inputs)
    {
        List<SessionKey>? keys = null;
        foreach (var input in inputs)
        {
            if (input is SessionBegan { Told: { } told } begun && Stations.GetValueOrDefault(begun.At.Station)?.LatestStart >= told)
                (keys ??= []).Add(new SessionKey.ByStart(begun.At, begun.IdTag, told, begun.MeterStartWh));
            if (input is CreditCdr credit)
                (keys ??= []).Add(new SessionKey.ByCdr(credit.CdrId));
            if (input is TransactionTold transaction && !Transactions.ContainsKey(TransactionKey.Of(transaction.Station, transaction.Transaction)))
                (keys ??= []).Add(new SessionKey.ByTransaction(transaction.Station, transaction.Transaction));
            if (input is SessionEnded ended && !(ended.Number is { } number && Sessions.ContainsKey(number)))
            {
                if (ended.Number is { } old)
                    (keys ??= []).Add(new SessionKey.ByNumber(old));
                (keys ??= []).Add(Recognition.OrphanKey(Configuration, ended));
                if (ended.Told is { } end)
                    keys.Add(new SessionKey.BeforeEnd(ended.Station, end));
            }
        }
        return keys ?? (IReadOnlyList<SessionKey>)[];
    }

    /// <summary>Whether a time-driven rule has something to do.</summary>
    public bool IsDue(DateTimeOffset now) => TimeRules.IsDue(this, now);

    private static object Apply(TurnDraft draft, SiteInput input) => input switch
    {
        SessionBegan report => SessionRules.Begin(draft, report),
        Metered report => SessionRules.Meter(draft, report),
        SiteMetered report => SessionRules.Meter(draft, report),
        SessionEnded report => SessionEnds.End(draft, report),
        TransactionTold report => TransactionRules.Hear(draft, report),
        ClaimSession request => SessionRules.Claim(draft, request),
        CreditCdr request => CdrRules.Credit(draft, request),
        StationConnected report => StationRules.Connect(draft, report),
        StationDisconnected report => StationRules.Disconnect(draft, report),
        StationBooted report => StationRules.Boot(draft, report),
        ConnectorReported report => StationRules.Show(draft, report),
        AcceptStation request => StationRules.Accept(draft, request),
        GatewayStarted => StationRules.CloseLines(draft),
        Remarked report => StationRules.Remark(draft, report),
        AdmitToken request => CommandRules.Admit(draft, request),
        StartRemotely request => CommandRules.Start(draft, request),
        StopRemotely request => CommandRules.Stop(draft, request),
        Unlock request => CommandRules.Unlock(draft, request),
        Reserve request => ReservationRules.Reserve(draft, request),
        CancelReservation request => ReservationRules.Cancel(draft, request),
        ReservationLost report => ReservationRules.Lose(draft, report),
        LimitCharging request => LimitRules.Limit(draft, request),
        AskLimits request => LimitRules.Ask(draft, request),
        OrderSettled report => CommandRules.Settle(draft, report),
        Configure request => ConfigurationRules.Configure(draft, request),
        WelcomeHub request => ConfigurationRules.Welcome(draft, request),
        ShowLocation request => ConfigurationRules.ShowAgain(draft, request),
        MessageFailed report => ParkingRules.Park(draft, report),
        ClockJumped report => TimeRules.Jump(draft, report),
        TimePassed => TimeRules.Pass(draft),
        _ => throw new ArgumentOutOfRangeException(nameof(input), input.GetType().Name, "No rule for this input."),
    };
}

/// <param name="Asked">Whether limits were asked for, not set.</param>
public readonly record struct LimitCall(int SessionNumber, bool Asked);

/// <summary>A station (without case) and its own id of a transaction, exactly.</summary>
public readonly record struct TransactionKey(string Station, string Transaction)
{
    public static TransactionKey Of(string station, string transaction) => new(station.ToUpperInvariant(), transaction);
}
