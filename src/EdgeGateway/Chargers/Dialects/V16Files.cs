using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.Rpc;
using EdgeGateway.Protocols.Ocpp.V16;
using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Firmware to a 1.6 charger and logs from it; with its security extension where that is asked for.</summary>
internal static class V16Files
{
    /// <summary>Longer ones have no place in SignedUpdateFirmware and GetLog; the plain messages set no limit.</summary>
    public const int MaxLocationChars = 512;

    public static async Task<CareAnswer> UpdateAsync(ChargerLine line, UpdateFirmware update, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (update.Signature is not null || update.SigningCertificate is not null)
            return await UpdateSignedAsync(line, update, now, cancellationToken);
        if (update.Install is not null)
            return CareAnswers.Invalid("OCPP 1.6 installs firmware when it has been fetched; only signed firmware has a time of its own for that.");
        var request = new UpdateFirmwareRequest { Location = update.Location.AbsoluteUri, RetrieveDate = update.Retrieve ?? now, Retries = update.Retries };
        // The answer is empty: it says no more than that the charger has heard it (5.19).
        return CareAnswers.Read(await line.Rpc.CallAsync(V16Actions.UpdateFirmware, request, cancellationToken), static _ => CareAnswer.Of(CareOutcome.Done, "It has been told."));
    }

    public static async Task<CareAnswer> UploadAsync(ChargerLine line, UploadLogs logs, CancellationToken cancellationToken)
    {
        if (!logs.Security)
        {
            var request = new GetDiagnosticsRequest { Location = logs.Location.AbsoluteUri, StartTime = logs.From, StopTime = logs.To };
            var answer = await line.Rpc.CallAsync(V16Actions.GetDiagnostics, request, cancellationToken);
            // Chargers with the security extension may have only its way to do it.
            if (answer.Outcome is not CallRefused { Code: OcppErrorCode.NotImplemented or OcppErrorCode.NotSupported })
            {
                return CareAnswers.Read(answer, static r => r.FileName is { Length: > 0 } name
                    ? new(CareOutcome.Done, $"It brings {name}.", [new("fileName", name)])
                    // 5.9: without a name there is nothing to bring.
                    : CareAnswer.Of(CareOutcome.Refused, "It has no diagnostics to bring."));
            }
        }
        var log = new GetLogRequest
        {
            LogType = logs.Security ? LogType.SecurityLog : LogType.DiagnosticsLog,
            RequestId = logs.Number,
            Log = new() { RemoteLocation = logs.Location.AbsoluteUri, OldestTimestamp = logs.From, LatestTimestamp = logs.To },
        };
        return CareAnswers.Read(await line.Rpc.CallAsync(V16Actions.GetLog, log, cancellationToken), static r => new(
            r.Status is LogStatus.Rejected ? CareOutcome.Refused : CareOutcome.Done,
            r.Status is LogStatus.AcceptedCanceled ? "Accepted; an upload before it was given up" : r.Status.ToString(),
            r.Filename is { Length: > 0 } name ? [new("fileName", name)] : []));
    }

    private static async Task<CareAnswer> UpdateSignedAsync(ChargerLine line, UpdateFirmware update, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (update is not { Signature: { } signature, SigningCertificate: { } certificate })
            return CareAnswers.Invalid("Signed firmware needs both a signature and the certificate that it is checked with.");
        var request = new SignedUpdateFirmwareRequest
        {
            RequestId = update.Number,
            Retries = update.Retries,
            Firmware = new()
            {
                Location = update.Location.AbsoluteUri, RetrieveDateTime = update.Retrieve ?? now, InstallDateTime = update.Install,
                Signature = signature, SigningCertificate = certificate,
            },
        };
        return CareAnswers.Read(await line.Rpc.CallAsync(V16Actions.SignedUpdateFirmware, request, cancellationToken), static r => r.Status switch
        {
            SignedUpdateFirmwareStatus.Accepted => CareAnswers.Of(r.Status, CareOutcome.Done),
            SignedUpdateFirmwareStatus.AcceptedCanceled => CareAnswer.Of(CareOutcome.Done, "Accepted; an update before it was given up"),
            _ => CareAnswers.Of(r.Status, CareOutcome.Refused),
        });
    }
}
