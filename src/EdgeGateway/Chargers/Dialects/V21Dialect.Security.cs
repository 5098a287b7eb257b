using System.Globalization;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Block A of 2.x: passwords, certificates and security profiles.</summary>
public sealed partial class V21Dialect
{
    /// <summary>Slots that are tried for a new way to reach us.</summary>
    private const int MostSlots = 4;

    /// <summary>Seconds, of the new way.</summary>
    private const int MessageTimeout = 30;

    private static readonly Component CommunicationCtrlr = new() { Name = "OCPPCommCtrlr" };
    private static readonly Variable Priority = new() { Name = "NetworkConfigurationPriority" };

    public async Task<SecurityAnswer> SecureAsync(ChargerLine line, SecurityTask task, CancellationToken cancellationToken) => task switch
    {
        SetPassword set => await SetAsync(line, new() { Name = "SecurityCtrlr" }, new() { Name = "BasicAuthPassword" }, set.Password, cancellationToken),
        RaiseProfile raise => await RaiseAsync(line, raise, cancellationToken),
        AskForCertificate => SecurityAnswer.Of(
            await line.Rpc.CallAsync(V21Actions.TriggerMessage, new() { RequestedMessage = MessageTrigger.SignChargingStationCertificate }, cancellationToken),
            static r => (r.Status == TriggerMessageStatus.Accepted, r.Status.ToString())),
        HandCertificate hand => SecurityAnswer.Of(
            await line.Rpc.CallAsync(
                V21Actions.CertificateSigned,
                new() { CertificateChain = hand.Chain, CertificateType = CertificateSigningUse.ChargingStationCertificate, RequestId = hand.RequestId },
                cancellationToken),
            static r => (r.Status == CertificateSignedStatus.Accepted, $"{r.Status} {r.StatusInfo?.ReasonCode}".TrimEnd())),
        _ => SecurityAnswer.NotSupported($"no 2.x message does {task.GetType().Name}"),
    };

    private ValueTask<SignCertificateResponse> SignCertificateAsync(ChargerLine line, Call<SignCertificateRequest> call, CancellationToken cancel)
    {
        // Towards cars another authority signs, one that their makers trust.
        if (call.Request.CertificateType is not (null or CertificateSigningUse.ChargingStationCertificate))
            return new(new SignCertificateResponse { Status = GenericStatus.Rejected, StatusInfo = new() { ReasonCode = "UnsupportedRequest" } });
        var isAccepted = _certificates.Value.Asked(line, call.Request.Csr, call.Request.RequestId);
        return new(new SignCertificateResponse { Status = isAccepted ? GenericStatus.Accepted : GenericStatus.Rejected });
    }

    /// <summary>A05: the new way goes into a free slot and before the old one, which the station falls back to.</summary>
    private static async Task<SecurityAnswer> RaiseAsync(ChargerLine line, RaiseProfile raise, CancellationToken cancellationToken)
    {
        var told = await line.Rpc.CallAsync(
            V21Actions.GetVariables, new() { GetVariableData = [new() { Component = CommunicationCtrlr, Variable = Priority }] }, cancellationToken);
        if (told.Response?.GetVariableResult is not [{ AttributeValue: { Length: > 0 } priority }, ..])
            return SecurityAnswer.Of(told, static _ => (false, "it does not tell its NetworkConfigurationPriority"));
        var used = priority.Split(',', StringSplitOptions.TrimEntries);
        var stored = SecurityAnswer.NotSupported("it has no slot free");
        foreach (var slot in Enumerable.Range(1, MostSlots).Where(s => !used.Contains(s.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal)))
        {
            stored = SecurityAnswer.Of(
                await line.Rpc.CallAsync(V21Actions.SetNetworkProfile, new() { ConfigurationSlot = slot, ConnectionData = Way(line, raise) }, cancellationToken),
                static r => (r.Status == SetNetworkProfileStatus.Accepted, $"SetNetworkProfile {r.Status}"));
            if (stored.MayHave)
                return stored;
            if (!stored.Done)
                continue;
            var set = await SetAsync(line, CommunicationCtrlr, Priority, $"{slot},{priority}", cancellationToken);
            if (!set.Done)
                return set;
            var reset = SecurityAnswer.Of(await line.Rpc.CallAsync(V21Actions.Reset, new() { Type = ResetKind.OnIdle }, cancellationToken), static r => (r.Status != ResetStatus.Rejected, $"Reset {r.Status}"));
            return set with { Text = $"slot {slot}, {reset.Text}" };
        }
        return stored;
    }

    private static NetworkConnectionProfile Way(ChargerLine line, RaiseProfile raise) => new()
    {
        OcppCsmsUrl = raise.Address.ToString().TrimEnd('/'),
        SecurityProfile = raise.Profile,
        MessageTimeout = MessageTimeout,
        OcppTransport = OcppTransport.JSON,
        // 2.0.1 has one word for both of its siblings.
        OcppVersion = line.Version == OcppVersion.V21 ? OcppVersionKind.OCPP21 : OcppVersionKind.OCPP20,
        OcppInterface = line.Version == OcppVersion.V21 ? OcppInterface.Any : OcppInterface.Wired0,
    };

    private static async Task<SecurityAnswer> SetAsync(ChargerLine line, Component component, Variable variable, string value, CancellationToken cancellationToken) => SecurityAnswer.Of(
        await line.Rpc.CallAsync(
            V21Actions.SetVariables, new() { SetVariableData = [new() { Component = component, Variable = variable, AttributeValue = value }] }, cancellationToken),
        r => r.SetVariableResult is [{ AttributeStatus: var status }, ..]
            ? (status is SetVariableStatus.Accepted or SetVariableStatus.RebootRequired, $"{variable.Name} {status}")
            : (false, "it answered nothing"));
}
