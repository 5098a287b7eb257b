namespace EdgeGateway.Site.Model;

/// <summary>When an object that hubs see last changed (P6). <paramref name="Fingerprint"/> finds out, across restarts, whether its content did.</summary>
/// <param name="Object">For example <c>location:BER01</c>, <c>evse:CP-1-1</c>, <c>connector:CP-1-1/1</c>, <c>tariff:AC</c>.</param>
/// <param name="LastUpdated">UTC, whole seconds; never falls.</param>
public sealed record Stamp(string Object, string Fingerprint, DateTimeOffset LastUpdated);
