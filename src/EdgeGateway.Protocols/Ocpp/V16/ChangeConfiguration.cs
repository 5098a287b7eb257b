using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Set one configuration key (5.3).</summary>
public sealed record ChangeConfigurationRequest
{
    [Text(50)]
    public required string Key { get; init; }

    [Text(500)]
    public required string Value { get; init; }
}

public sealed record ChangeConfigurationResponse
{
    public required ConfigurationStatus Status { get; init; }
}

public enum ConfigurationStatus
{
    Accepted,
    Rejected,
    RebootRequired,
    NotSupported,
}
