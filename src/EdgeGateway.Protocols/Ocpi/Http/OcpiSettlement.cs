namespace EdgeGateway.Protocols.Ocpi.Http;

/// <summary>Rule P8 as one pure function of what the peer answered.</summary>
public static class OcpiSettlement
{
    /// <summary>
    /// Settles an answer. The envelope is null when the body was none. <paramref name="emptyBody"/>: there was no body at all, and for this
    /// call that is enough (K2: results of commands).
    /// </summary>
    public static (OcpiOutcome Outcome, OcpiStage Stage) Of(int httpStatus, OcpiEnvelope? envelope, bool emptyBody = false) => httpStatus switch
    {
        >= 200 and < 300 when envelope is null => emptyBody ? (OcpiOutcome.Success, OcpiStage.Done) : (OcpiOutcome.Retryable, OcpiStage.Envelope),
        >= 200 and < 300 => OfCode(envelope.StatusCode),
        // A redirect we may not follow is a captive portal or a hub being moved: neither is the object's fault.
        >= 300 and < 400 => (OcpiOutcome.Retryable, OcpiStage.Redirect),
        401 => (OcpiOutcome.Unauthorized, OcpiStage.HttpStatus),
        // Peers answer 403 and 404 where 200 + 2xxx is meant (T7): a code that names the content's fault decides.
        403 => (NamesContentFault(envelope) ? OcpiOutcome.Refused : OcpiOutcome.Unauthorized, OcpiStage.HttpStatus),
        404 => (NamesContentFault(envelope) ? OcpiOutcome.Refused : OcpiOutcome.ModuleGone, OcpiStage.HttpStatus),
        405 => (OcpiOutcome.ModuleGone, OcpiStage.HttpStatus),
        // 407: the site's own proxy wants a password; setting a CDR aside would not bring it.
        407 or 408 or 425 or 429 or >= 500 => (OcpiOutcome.Retryable, OcpiStage.HttpStatus),
        _ => (envelope is not null && OcpiStatus.MayPass(envelope.StatusCode) ? OcpiOutcome.Retryable : OcpiOutcome.Refused, OcpiStage.HttpStatus),
    };

    private static (OcpiOutcome Outcome, OcpiStage Stage) OfCode(int code) =>
        OcpiStatus.IsSuccess(code) ? (OcpiOutcome.Success, OcpiStage.Done)
        : OcpiStatus.MayPass(code) ? (OcpiOutcome.Retryable, OcpiStage.StatusCode)
        : (OcpiOutcome.Refused, OcpiStage.StatusCode);

    private static bool NamesContentFault(OcpiEnvelope? envelope) => envelope is not null && OcpiStatus.NamesContentFault(envelope.StatusCode);
}
