using EdgeGateway.Chargers.Files;

namespace EdgeGateway.Configuration;

/// <summary><c>Gateway:Ocpp:Files</c>: firmware and logs.</summary>
internal static class FilesReader
{
    /// <param name="beside">The database: the files lie beside it where nothing else is said.</param>
    public static FilesOptions Read(Section ocpp, string folder, string beside)
    {
        var files = ocpp.Child("Files");
        var usual = new FilesOptions();
        return new()
        {
            Directory = Path.GetFullPath(files.Text("Directory", 4000) ?? Path.Combine(Path.GetDirectoryName(beside)!, "files"), folder),
            MaxFirmwareMb = files.Integer("MaxFirmwareMb", 1, 4096) ?? usual.MaxFirmwareMb,
            MaxLogMb = files.Integer("MaxLogMb", 1, 1024) ?? usual.MaxLogMb,
            BaseUrl = Base(files),
        };
    }

    private static Uri? Base(Section files)
    {
        const string Expected = "an address such as https://gateway.example:8887, where chargers reach the OCPP listener";
        // As long as OCPP's shortest place for the whole of it allows, with the token and a name after it.
        if (files.Text("BaseUrl", 255) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0)
            return url;
        files.Findings.Fault(files.At("BaseUrl"), text, Expected);
        return null;
    }
}
