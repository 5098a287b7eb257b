using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;

namespace EdgeGateway.Chargers.Security;

/// <summary>What the gateway wants of a charger for the sake of security, in no version's words.</summary>
public abstract record SecurityTask;

/// <summary>From its next connection on, this password: 40 hex digits, which both families take.</summary>
public sealed record SetPassword(string Password) : SecurityTask
{
    // The generated text of a record would hold it (S11).
    public override string ToString() => nameof(SetPassword);
}

/// <param name="Address">Base address of the listener for chargers, <c>wss://HOST:PORT/ocpp</c>; what 1.6 stations make of it is theirs.</param>
public sealed record RaiseProfile(int Profile, Uri Address) : SecurityTask;

/// <summary>It is to make a key and ask for a certificate.</summary>
public sealed record AskForCertificate : SecurityTask;

/// <summary>The certificate that it asked for.</summary>
/// <param name="Chain">PEM, the station's own first.</param>
/// <param name="RequestId">Of the request that this answers (2.1).</param>
public sealed record HandCertificate(string Chain, int? RequestId) : SecurityTask;

/// <param name="Done">The charger took it.</param>
/// <param name="MayHave">It gave no answer: it may have taken it all the same.</param>
/// <param name="Text">For people: its own word, or why not.</param>
public sealed record SecurityAnswer(bool Done, bool MayHave, string Text)
{
    public static SecurityAnswer NotSupported(string text) => new(false, false, text);

    internal static SecurityAnswer Of<T>(Answer<T> answer, Func<T, (bool Done, string Text)> said) where T : class => answer.Outcome switch
    {
        CallAnswered when answer.Response is { } response => new(said(response).Done, false, said(response).Text),
        CallRefused refused => new(false, false, $"{refused.Spelling} {refused.Description}".TrimEnd()),
        CallUnanswered { Why: CallFailure.TimedOut or CallFailure.LineEnded or CallFailure.Unreadable } unheard => new(false, true, unheard.Detail),
        CallUnanswered unsent => new(false, false, unsent.Detail),
        _ => new(false, true, "the answer could not be understood"),
    };
}
