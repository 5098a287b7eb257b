using System.Collections.Immutable;

namespace EdgeGateway.Chargers;

/// <summary>
/// All that is tolerated of chargers, deliberately and in one place. Nothing else is: what breaks the standard and has no row here is refused. Each
/// time a row is needed it is counted for its station, and where the station is held strictly it is an event.
/// </summary>
public static class Tolerances
{
    public const string SubprotocolAssumed = nameof(SubprotocolAssumed);
    public const string SubprotocolMisspelt = nameof(SubprotocolMisspelt);
    public const string IdEncoded = nameof(IdEncoded);
    public const string IdCase = nameof(IdCase);
    public const string IdPath = nameof(IdPath);
    public const string LineReplaced = nameof(LineReplaced);
    public const string BeforeBoot = nameof(BeforeBoot);
    public const string FrameMarks = nameof(FrameMarks);
    public const string FrameForm = nameof(FrameForm);
    public const string FaultyFrame = nameof(FaultyFrame);
    public const string MessageIdAgain = nameof(MessageIdAgain);
    public const string AnswerToNothing = nameof(AnswerToNothing);
    public const string EmptyForObject = nameof(EmptyForObject);
    public const string UnknownMember = nameof(UnknownMember);
    public const string MemberCase = nameof(MemberCase);
    public const string MemberMissing = nameof(MemberMissing);
    public const string OneForList = nameof(OneForList);
    public const string LeftOut = nameof(LeftOut);
    public const string NumberForm = nameof(NumberForm);
    public const string TextForm = nameof(TextForm);
    public const string TextLength = nameof(TextLength);
    public const string BooleanForm = nameof(BooleanForm);
    public const string EnumCase = nameof(EnumCase);
    public const string EnumUnknown = nameof(EnumUnknown);
    public const string TimeForm = nameof(TimeForm);
    public const string IdTagForm = nameof(IdTagForm);
    public const string NoConnector = nameof(NoConnector);
    public const string MeterWithoutTransaction = nameof(MeterWithoutTransaction);
    public const string TransactionUnknown = nameof(TransactionUnknown);
    public const string StopWithoutTag = nameof(StopWithoutTag);
    public const string RegisterFellBack = nameof(RegisterFellBack);
    public const string SessionRelative = nameof(SessionRelative);
    public const string WhAsKwh = nameof(WhAsKwh);
    public const string ClockOff = nameof(ClockOff);

    private const string Rows = "ToleranceTests.Each_tolerated_thing_is_served_counted_under_its_code_and_an_event_in_strict_mode";

    /// <summary>The table, from the door to what a message means.</summary>
    public static readonly ImmutableArray<Tolerance> All =
    [
        new(SubprotocolAssumed, "no subprotocol, or none of ours: the version that the configuration or the model's file says; else it is refused with the reason",
            "Grizzl-E offers none (FIELD-NOTES 5); the version is the line's, and never remembered from another", Rows),
        new(SubprotocolMisspelt, "ocpp16, OCPP1.6J, 1.6: another spelling that can mean one version only",
            "offers that differ from handshake to handshake (FIELD-NOTES 5)", Rows),
        new(IdEncoded, "characters of the id percent-encoded without need", "CitrineOS PR #1093, ocpp-go PR #73 (FIELD-NOTES 27)", Rows),
        new(IdCase, "the id in another case than configured", "ids are compared without case in both families (FIELD-NOTES 27)", Rows),
        new(IdPath, "a prefix before the id, the id twice, a slash behind it, a query: the last segment counts", "open-ocpp PR #198 (FIELD-NOTES 27)", Rows),
        new(LineReplaced, "a second line of one station: the newest that proved who it is holds, the older is closed", "half-open sockets after a power cut (FIELD-NOTES 4)", Rows),
        new(BeforeBoot, "messages of a station that never said what it is, such as StatusNotification before Boot",
            "libocpp and chargers that never boot again after a reconnect (FIELD-NOTES 3, 9)", Rows),
        new(FrameMarks, "a byte order mark, blanks or zero bytes around a frame", "C stacks that send their buffer with its end (FIELD-NOTES 7)", Rows),
        new(FrameForm, "the type in quotes, the message id as a number", "languages without types (FIELD-NOTES 6)", Rows),
        new(FaultyFrame, "what is no frame at all: noted, answered where its id can be read; the line stays",
            "AEFA \"transactionId\":, Beny [,{ and cut-off frames (FIELD-NOTES 7)", Rows),
        new(MessageIdAgain, "a message id again on the same line: each is handled, repeats are found by content", "1.6-J errata 3.1; ocpp-go and MicroOcpp (seen on the wire, 1)", Rows),
        new(AnswerToNothing, "an answer to nothing that is asked (any more)", "late answers after a timeout (FIELD-NOTES 15)", Rows),
        new(EmptyForObject, "[] or null for {}", "languages whose empty map is an empty list (FIELD-NOTES 6)", Rows),
        new(UnknownMember, "members that the standard does not have: passed over", "vendors' own members (FIELD-NOTES 6)", Rows),
        new(MemberCase, "a member's name in another case", "FIELD-NOTES 6", Rows),
        new(MemberMissing, "missing or null members; in messages of a transaction also required ones, and a status' time, which are kept as not told",
            "1.6 4.7-4.10: checks never cause no answer (FIELD-NOTES 2)", Rows),
        new(OneForList, "one element without its list", "mobilityhouse #54 (FIELD-NOTES 6)", Rows),
        new(LeftOut, "a sample or an optional member that cannot be understood is left out, the rest stands", "one bad sample must not cost the message (lbbrhzn #1627, FIELD-NOTES 8)", Rows),
        new(NumberForm, "numbers in quotes, decimals for integers, decimal commas", "mobilityhouse #122, #128 (FIELD-NOTES 6)", Rows),
        new(TextForm, "numbers, truth values or objects for a text; text that is no Unicode", "Huawei, ocpp-go #359 (FIELD-NOTES 6)", Rows),
        new(TextLength, "texts that are too long: cut where only people read them, kept where they name something", "over-long serials, info and tags (FIELD-NOTES 6, 19)", Rows),
        new(BooleanForm, "\"true\", 1 and 0 for truth values", "FIELD-NOTES 6", Rows),
        new(EnumCase, "an enumeration's value in another case or an old spelling, such as Celcius", "1.6-J errata 2.1 (FIELD-NOTES 6)", Rows),
        new(EnumUnknown, "a value that the enumeration does not have, where it has one for the rest", "vendors' own error codes (FIELD-NOTES 6)", Rows),
        new(TimeForm, "times without a zone (UTC is meant), with a blank for the T, without seconds; missing milliseconds are the standard's own",
            "1.6 3.14 recommends UTC; Growatt and others write local time (FIELD-NOTES 11)", Rows),
        new(IdTagForm, "blanks, control characters or a model's suffix on an id tag: taken off", "KEBA 12345678_dummy1 (FIELD-NOTES 19)", Rows),
        new(NoConnector, "connector 0 or none for a transaction, or a number that no connector has: the place that it can mean", "KEBA's sums, open-ocpp (FIELD-NOTES 20)", Rows),
        new(MeterWithoutTransaction, "values without a transaction while one runs there: they are its", "lbbrhzn #1749 (FIELD-NOTES 21)", Rows),
        new(TransactionUnknown, "transactionId 0, -1 or another that we never gave: found by place, time, tag and register", "Etrel -16, offline queues with -1 (FIELD-NOTES 3, 21)", Rows),
        new(StopWithoutTag, "a local stop that names no tag", "1.6 4.10 asks for it where it is known (FIELD-NOTES 3)", Rows),
        new(RegisterFellBack, "an energy register that jumps back or begins at 0 again: the session's energy goes on from what it had", "lbbrhzn #1069, evcc #29654 (FIELD-NOTES 12)", Rows),
        new(SessionRelative, "values of a session that count from its start, of a model whose file says so: brought to the register", "ABB Terra AC (FIELD-NOTES 12)", Rows),
        new(WhAsKwh, "an energy value that names kWh, cannot have flowed as such, and fits as Wh: read as Wh, with an event",
            "wrong units in the field (FIELD-NOTES 6); the bound is the site's own for what a connector can deliver", Rows),
        new(ClockOff, "a clock that is off, by years too: its times are righted by the offset, which is kept with the record", "1970 after a power loss, MicroOcpp #311 (FIELD-NOTES 11)", Rows),
    ];

    /// <summary>The row of a remark that the message reader made; each of its remarks has one.</summary>
    public static string OfReader(string warning)
    {
        // The most telling first: what was left out says also why.
        if (warning.EndsWith("left out", StringComparison.Ordinal))
            return LeftOut;
        if (Says("is no RFC 3339 time"))
            return TimeForm;
        if (Says("is no integer") || Says("is no number") || Says("is out of range"))
            return NumberForm;
        if (Says("is no boolean"))
            return BooleanForm;
        if (Says("has a member that is not in the standard"))
            return UnknownMember;
        if (Says("has a member "))
            return MemberCase;
        if (Says("is missing") || warning.EndsWith("is null", StringComparison.Ordinal))
            return warning.StartsWith("the message is null", StringComparison.Ordinal) ? EmptyForObject : MemberMissing;
        if (Says("is an empty list for an object"))
            return EmptyForObject;
        if (Says("is one element without its list"))
            return OneForList;
        if (Says("characters, "))
            return TextLength;
        if (Says("is no text") || Says("is no Unicode text"))
            return TextForm;
        return Says("; taken as ") ? OfEnum(warning) : TextForm;

        bool Says(string phrase) => warning.Contains(phrase, StringComparison.Ordinal);
    }

    /// <summary><c>… is no Location: "outlet"; taken as Outlet</c>.</summary>
    private static string OfEnum(string warning)
    {
        var taken = warning[(warning.LastIndexOf("; taken as ", StringComparison.Ordinal) + "; taken as ".Length)..];
        return warning.Contains($"\"{taken}\"", StringComparison.OrdinalIgnoreCase) || warning.Contains("Celcius", StringComparison.OrdinalIgnoreCase) ? EnumCase : EnumUnknown;
    }
}

/// <summary>One thing that is tolerated.</summary>
/// <param name="Code">Under which it is counted and told.</param>
/// <param name="What">What a charger does, and what is made of it.</param>
/// <param name="Because">The device or the rule that made it necessary.</param>
/// <param name="Test">Where it is shown to hold.</param>
public sealed record Tolerance(string Code, string What, string Because, string Test);
