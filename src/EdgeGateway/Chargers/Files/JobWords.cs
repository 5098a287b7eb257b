using EdgeGateway.Site.Care;

namespace EdgeGateway.Chargers.Files;

/// <summary>What a charger's word for its progress says of a job: those of 1.6, of its security extension and of 2.x in one table, as they agree.</summary>
internal static class JobWords
{
    /// <summary>Null: it says nothing of how far the job is (<c>Idle</c>).</summary>
    public static JobState? StateOf(JobKind kind, string said) => said switch
    {
        "Idle" => null,
        "Installed" => JobState.Done,
        // Of a log that comes to us, its coming counts; whether it did is known better here.
        "Uploaded" => kind is JobKind.Firmware ? null : JobState.Done,
        "DownloadFailed" or "InstallationFailed" or "InstallVerificationFailed" or "InvalidSignature" or "InvalidCertificate" or "RevokedCertificate" => JobState.Failed,
        "UploadFailed" or "UploadFailure" or "BadMessage" or "NotSupportedOperation" or "PermissionDenied" or "AcceptedCanceled" => JobState.Failed,
        _ => JobState.Running,
    };

    /// <summary>The firmware's file is not needed any longer.</summary>
    public static bool IsFetched(string said) =>
        said is "Downloaded" or "SignatureVerified" or "Installing" or "InstallRebooting" or "InstallScheduled" or "Installed";
}
