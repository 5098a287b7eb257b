using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>Read configuration keys; none named means all (5.8).</summary>
public sealed record GetConfigurationRequest
{
    [Text(50, TooLong.Keep)]
    public IReadOnlyList<string>? Key { get; init; }
}

public sealed record GetConfigurationResponse
{
    public IReadOnlyList<ConfigurationKey>? ConfigurationKey { get; init; }

    [Text(50, TooLong.Keep)]
    public IReadOnlyList<string>? UnknownKey { get; init; }
}

public sealed record ConfigurationKey
{
    [Text(50, TooLong.Keep)]
    public required string Key { get; init; }

    public required bool Readonly { get; init; }

    [Text(500, TooLong.Keep)]
    public string? Value { get; init; }
}
