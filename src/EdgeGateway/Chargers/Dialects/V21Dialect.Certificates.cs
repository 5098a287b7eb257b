using EdgeGateway.Protocols.Ocpp.Messages;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>Contract certificates of vehicles (M): we have no issuer of contracts and no revocation lists behind us, and say so.</summary>
public sealed partial class V21Dialect
{
    private static readonly StatusInfo NoIssuer = new() { ReasonCode = "NotSupported", AdditionalInfo = "no contract certificate pool is connected" };

    /// <summary>Whoever asks again before this hears the same.</summary>
    private static readonly TimeSpan StatusLife = TimeSpan.FromDays(1);

    private static ValueTask<Get15118EVCertificateResponse> EVCertificateAsync(ChargerLine line, Call<Get15118EVCertificateRequest> call, CancellationToken cancel)
    {
        return new(new Get15118EVCertificateResponse { Status = Iso15118EVCertificateStatus.Failed, ExiResponse = "", StatusInfo = NoIssuer });
    }

    private static ValueTask<GetCertificateStatusResponse> CertificateStatusAsync(ChargerLine line, Call<GetCertificateStatusRequest> call, CancellationToken cancel)
    {
        return new(new GetCertificateStatusResponse { Status = GetCertificateStatus.Failed, StatusInfo = NoIssuer });
    }

    private ValueTask<GetCertificateChainStatusResponse> CertificateChainStatusAsync(ChargerLine line, Call<GetCertificateChainStatusRequest> call, CancellationToken cancel)
    {
        return new(new GetCertificateChainStatusResponse
        {
            CertificateStatus =
            [
                .. call.Request.CertificateStatusRequests.Take(4).Select(r => new CertificateStatus
                {
                    CertificateHashData = r.CertificateHashData, Source = r.Source, Status = CertificateStatusKind.Failed, NextUpdate = _clock.GetUtcNow() + StatusLife,
                }),
            ],
        });
    }
}
