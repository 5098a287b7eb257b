namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>How far the upload asked for by GetLog has come (security whitepaper, N01).</summary>
public sealed record LogStatusNotificationRequest
{
    public required UploadLogStatus Status { get; init; }

    public int? RequestId { get; init; }
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
}

public sealed record LogStatusNotificationResponse;
