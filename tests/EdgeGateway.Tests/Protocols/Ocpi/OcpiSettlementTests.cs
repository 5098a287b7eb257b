using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Checklist P8, the whole table.</summary>
public sealed class OcpiSettlementTests
{
    [Theory]
    [InlineData(200, 1000, OcpiOutcome.Success)]
    [InlineData(201, 1000, OcpiOutcome.Success)]
    [InlineData(200, 1999, OcpiOutcome.Success)]
    [InlineData(200, 999, OcpiOutcome.Refused)]
    [InlineData(200, 2000, OcpiOutcome.Refused)]
    [InlineData(200, 2001, OcpiOutcome.Refused)]
    [InlineData(200, 2901, OcpiOutcome.Refused)]
    [InlineData(200, 3000, OcpiOutcome.Retryable)]
    [InlineData(200, 3001, OcpiOutcome.Retryable)]
    [InlineData(200, 3002, OcpiOutcome.Refused)]
    [InlineData(200, 3003, OcpiOutcome.Refused)]
    [InlineData(200, 3999, OcpiOutcome.Retryable)]
    [InlineData(200, 4000, OcpiOutcome.Retryable)]
    [InlineData(200, 4001, OcpiOutcome.Refused)]
    [InlineData(200, 4002, OcpiOutcome.Retryable)]
    [InlineData(200, 4003, OcpiOutcome.Retryable)]
    [InlineData(200, null, OcpiOutcome.Retryable)]
    [InlineData(302, null, OcpiOutcome.Retryable)]
    [InlineData(307, null, OcpiOutcome.Retryable)]
    [InlineData(400, null, OcpiOutcome.Refused)]
    [InlineData(400, 2001, OcpiOutcome.Refused)]
    [InlineData(400, 3000, OcpiOutcome.Retryable)]
    [InlineData(400, 4002, OcpiOutcome.Retryable)]
    [InlineData(401, null, OcpiOutcome.Unauthorized)]
    [InlineData(401, 2001, OcpiOutcome.Unauthorized)]
    [InlineData(403, 2000, OcpiOutcome.Unauthorized)]
    [InlineData(403, 2001, OcpiOutcome.Refused)]
    [InlineData(404, null, OcpiOutcome.ModuleGone)]
    [InlineData(404, 2000, OcpiOutcome.ModuleGone)]
    [InlineData(404, 2003, OcpiOutcome.Refused)]
    [InlineData(405, 2000, OcpiOutcome.ModuleGone)]
    [InlineData(407, null, OcpiOutcome.Retryable)]
    [InlineData(408, null, OcpiOutcome.Retryable)]
    [InlineData(409, 2000, OcpiOutcome.Refused)]
    [InlineData(413, null, OcpiOutcome.Refused)]
    [InlineData(422, 2001, OcpiOutcome.Refused)]
    [InlineData(425, null, OcpiOutcome.Retryable)]
    [InlineData(429, null, OcpiOutcome.Retryable)]
    [InlineData(500, null, OcpiOutcome.Retryable)]
    [InlineData(500, 1000, OcpiOutcome.Retryable)]
    [InlineData(500, 2001, OcpiOutcome.Retryable)]
    [InlineData(502, null, OcpiOutcome.Retryable)]
    [InlineData(503, 3000, OcpiOutcome.Retryable)]
    public void An_answer_is_settled(int httpStatus, int? code, OcpiOutcome outcome)
    {
        var envelope = code is { } number ? new OcpiEnvelope { StatusCode = number } : null;
        Assert.Equal(outcome, OcpiSettlement.Of(httpStatus, envelope).Outcome);
    }

    [Theory]
    [InlineData(202, OcpiOutcome.Success)]
    [InlineData(204, OcpiOutcome.Success)]
    [InlineData(500, OcpiOutcome.Retryable)]
    [InlineData(404, OcpiOutcome.ModuleGone)]
    public void Where_no_body_is_enough_only_a_2xx_counts(int httpStatus, OcpiOutcome outcome) =>
        Assert.Equal(outcome, OcpiSettlement.Of(httpStatus, null, emptyBody: true).Outcome);
}
