using System.Collections.Immutable;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Site.Care;

/// <summary>Something a person wants done to a charger, in no version's words.</summary>
public abstract record CareTask;

/// <param name="Evse">Only this EVSE, where the charger can (2.x); null: the whole station.</param>
/// <param name="Hard">At once, whatever goes on (1.6 Hard, 2.x Immediate); else transactions end in good order first (Soft, OnIdle).</param>
public sealed record ResetStation(bool Hard, int? Evse = null) : CareTask;

public sealed record UnlockConnector(int Evse, int Connector = 1) : CareTask;

/// <param name="Evse">Null: the whole station.</param>
/// <param name="Connector">Null: all of the EVSE.</param>
public sealed record SetAvailability(bool Operative, int? Evse = null, int? Connector = null) : CareTask;

/// <param name="Message">OCPP's name of the message that the charger is to send, for example <c>StatusNotification</c>.</param>
public sealed record TriggerMessage(string Message, int? Evse = null, int? Connector = null) : CareTask;

/// <param name="Names">1.6: keys; 2.x: <c>Component.Variable</c>, with <c>Component(instance)@evse.Variable(instance)</c> where there are several. Empty: all.</param>
public sealed record ReadSettings(ImmutableArray<string> Names) : CareTask;

public sealed record WriteSettings(ImmutableSortedDictionary<string, string> Values) : CareTask;

/// <summary>A limit that holds until it is taken off, for sessions to come too.</summary>
/// <param name="Evse">Null: the whole station.</param>
/// <param name="Limit">In <paramref name="Unit"/>; null: taken off.</param>
public sealed record SetStationLimit(decimal? Limit, LimitUnit Unit, int? Evse = null) : CareTask;

/// <summary>Which charging profiles are installed (2.x), and the composite schedule of the next hours.</summary>
public sealed record ReadLimits(int? Evse = null, int Hours = 24) : CareTask;

/// <summary>Brings the charger's local authorization list into step with the tokens.</summary>
/// <param name="Full">All of it anew; else what differs, where the charger is where we think it is.</param>
public sealed record SendLocalList(bool Full) : CareTask;

public sealed record ReadLocalList : CareTask;

public sealed record ClearAuthorizationCache : CareTask;

/// <param name="Location">Where the charger fetches it. <c>gateway:NAME</c>: a file that was put into the gateway; the charger is given an address of
/// its own for it, by whoever is behind the door.</param>
/// <param name="Signature">Base64, for chargers that want signed firmware; with <paramref name="SigningCertificate"/> (PEM).</param>
/// <param name="Number">Of the <see cref="StationJob"/>, given behind the door: what the charger is to name in its progress, where the version has a place for it.</param>
public sealed record UpdateFirmware(
    Uri Location, DateTimeOffset? Retrieve = null, DateTimeOffset? Install = null, int? Retries = null, string? Signature = null, string? SigningCertificate = null,
    int Number = 0)
    : CareTask;

/// <param name="Location">Where the charger brings it; <see cref="ToGateway"/>: to the gateway.</param>
/// <param name="Security">The security log in place of the diagnostics.</param>
/// <param name="Number">Of the <see cref="StationJob"/>, given behind the door.</param>
public sealed record UploadLogs(Uri Location, bool Security = false, DateTimeOffset? From = null, DateTimeOffset? To = null, int Number = 0) : CareTask
{
    /// <summary>An address of the gateway's own is made for it.</summary>
    public static Uri ToGateway { get; } = new("gateway:logs");
}

/// <summary>What the charger keeps of a customer (2.x): told, erased, or both.</summary>
public sealed record CustomerData(string Uid, bool Report, bool Clear) : CareTask;

/// <summary>A text on the charger's display (2.x), in place of the one with the same number.</summary>
/// <param name="InFront">Before the texts that take turns.</param>
public sealed record ShowText(int Number, string Text, bool InFront = false, string? Language = null, DateTimeOffset? From = null, DateTimeOffset? To = null) : CareTask;

public sealed record HideText(int Number) : CareTask;

public sealed record ReadTexts : CareTask;

/// <summary>How it went.</summary>
/// <param name="Text">One line for people: the charger's own word, or why not.</param>
/// <param name="Values">What was read, or what became of each setting.</param>
public sealed record CareAnswer(CareOutcome Outcome, string Text, ImmutableArray<CareValue> Values)
{
    /// <summary>Number of the <see cref="StationJob"/> that goes on from here.</summary>
    public int? Job { get; init; }

    /// <summary>The charger said yes, now or for later.</summary>
    public bool IsGranted => Outcome is CareOutcome.Done or CareOutcome.Later;

    public static CareAnswer Of(CareOutcome outcome, string text) => new(outcome, text, []);
}

public enum CareOutcome
{
    Done,

    /// <summary>The charger does it later, or after a restart (1.6 Scheduled, RebootRequired).</summary>
    Later,

    /// <summary>The charger said no.</summary>
    Refused,
    NotSupported,
    TimedOut,
    Offline,

    /// <summary>It was not sent: it makes no sense for this charger.</summary>
    Invalid,
}

/// <param name="Note">For example <c>read-only</c>, <c>RebootRequired</c>, <c>unknown</c>.</param>
public sealed record CareValue(string Name, string? Value, string? Note = null);
