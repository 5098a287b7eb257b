using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGateway.Protocols.Mqtt.Native;

/// <summary>TLS 1.2 or newer with AEAD suites only, the broker's certificate and name verified: there is no switch (S7).</summary>
internal static unsafe class MosquittoTls
{
    private const int VerifyPeer = 1;

    /// <summary>For 1.2; those of 1.3 are all AEAD.</summary>
    private const string Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

    /// <summary>Where Debian keeps the system's authorities: the library wants a place to be named with a client certificate.</summary>
    private const string SystemFolder = "/etc/ssl/certs";

    /// <returns>Null when all was taken; else why not, in people's words.</returns>
    public static string? SetUp(nint client, MqttOptions options)
    {
        // The library's answer to a file it cannot open is the same 3 whichever it was.
        if (((string?[])[options.CaFile, options.CertificateFile, options.KeyFile]).OfType<string>().Select(Unreadable).FirstOrDefault(fault => fault is not null) is { } fault)
            return fault;
        var result = options.CaFile is null ? Mosquitto.SetOption(client, Mosquitto.OptionSystemAuthorities, 1) : 0;
        if (result == 0 && (options.CaFile ?? options.CertificateFile) is not null)
            result = Mosquitto.SetTls(client, options.CaFile, options.CaFile is null ? SystemFolder : null, options.CertificateFile, options.KeyFile, &NoPassphrase);
        if (result == 0)
            result = Mosquitto.SetTlsOptions(client, VerifyPeer, "tlsv1.2", Ciphers);
        return result == 0 ? null : $"TLS cannot be set up ({result}): nothing is sent";
    }

    private static string? Unreadable(string file)
    {
        try
        {
            using var opened = File.OpenRead(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is FileNotFoundException or DirectoryNotFoundException ? $"the file {file} does not exist" : $"the file {file} cannot be read";
        }
    }

    /// <summary>OpenSSL would ask at the terminal for the passphrase of a key, and wait.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int NoPassphrase(byte* buffer, int size, int writing, nint user) => 0;
}
