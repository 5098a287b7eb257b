using EdgeGateway.Chargers.Security;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V16;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>The security extension of 1.6 (whitepaper, edition 3).</summary>
public sealed partial class V16Dialect
{
    private const string PasswordKey = "AuthorizationKey";
    private const string ProfileKey = "SecurityProfile";

    public async Task<SecurityAnswer> SecureAsync(ChargerLine line, SecurityTask task, CancellationToken cancellationToken) => task switch
    {
        SetPassword set => await ChangeAsync(line, PasswordKey, set.Password, cancellationToken),
        RaiseProfile raise => await ChangeAsync(line, ProfileKey, raise.Profile.ToString(System.Globalization.CultureInfo.InvariantCulture), cancellationToken),
        AskForCertificate => SecurityAnswer.Of(
            await line.Rpc.CallAsync(
                V16Actions.ExtendedTriggerMessage, new() { RequestedMessage = ExtendedMessageTrigger.SignChargePointCertificate }, cancellationToken),
            static r => (r.Status == TriggerMessageStatus.Accepted, r.Status.ToString())),
        HandCertificate hand => SecurityAnswer.Of(
            await line.Rpc.CallAsync(V16Actions.CertificateSigned, new() { CertificateChain = hand.Chain }, cancellationToken),
            static r => (r.Status == CertificateSignedStatus.Accepted, r.Status.ToString())),
        _ => SecurityAnswer.NotSupported($"no 1.6 message does {task.GetType().Name}"),
    };

    private ValueTask<SignCertificateResponse> SignCertificateAsync(ChargerLine line, Call<SignCertificateRequest> call, CancellationToken cancel)
    {
        var isAccepted = _certificates.Value.Asked(line, call.Request.Csr, null);
        return new(new SignCertificateResponse { Status = isAccepted ? GenericStatus.Accepted : GenericStatus.Rejected });
    }

    private static async Task<SecurityAnswer> ChangeAsync(ChargerLine line, string key, string value, CancellationToken cancellationToken)
    {
        var answer = SecurityAnswer.Of(
            await line.Rpc.CallAsync(V16Actions.ChangeConfiguration, new() { Key = key, Value = value }, cancellationToken),
            static r => (r.Status is ConfigurationStatus.Accepted or ConfigurationStatus.RebootRequired, r.Status.ToString()));
        if (answer is not { Done: true, Text: nameof(ConfigurationStatus.RebootRequired) })
            return answer;
        // In force after a restart, it says; one that lets transactions end first.
        var reset = SecurityAnswer.Of(await line.Rpc.CallAsync(V16Actions.Reset, new() { Type = ResetType.Soft }, cancellationToken), static r => (r.Status == ResetStatus.Accepted, r.Status.ToString()));
        return answer with { Text = reset.Done ? "RebootRequired, and it restarts" : $"RebootRequired; it does not restart by itself ({reset.Text})" };
    }
}
