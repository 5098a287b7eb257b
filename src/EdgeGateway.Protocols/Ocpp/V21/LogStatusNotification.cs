using EdgeGateway.Protocols.Ocpp.Messages;

namespace EdgeGateway.Protocols.Ocpp.V21;

/// <summary>How far the upload asked for by GetLog has come (N01).</summary>
public sealed record LogStatusNotificationRequest
{
    public required UploadLogStatus Status { get; init; }

    public int? RequestId { get; init; }

    [Since("2.1")]
    public StatusInfo? StatusInfo { get; init; }
}

public enum UploadLogStatus
{
    BadMessage,
    Idle,
    NotSupportedOperation,
    PermissionDenied,
    Uploaded,
    UploadFailure,
    Uploading,
    AcceptedCanceled,
}

public sealed record LogStatusNotificationResponse;
