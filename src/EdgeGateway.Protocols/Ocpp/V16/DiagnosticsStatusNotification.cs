namespace EdgeGateway.Protocols.Ocpp.V16;

/// <summary>How far the upload asked for by GetDiagnostics has come (4.4).</summary>
public sealed record DiagnosticsStatusNotificationRequest
{
    public required DiagnosticsStatus Status { get; init; }
}

public enum DiagnosticsStatus
{
    Idle,
    Uploaded,
    UploadFailed,
    Uploading,
}

public sealed record DiagnosticsStatusNotificationResponse;
