namespace EdgeGateway.Simulators.Charger.Tongues;

/// <summary>A signed reading as OCMF has it; the signature is no signature of anything, it is there to be carried.</summary>
internal static class Ocmf
{
    public static string Of(string charger, DateTimeOffset at, long wh) =>
        $$"""OCMF|{"FV":"1.0","GI":"{{charger}}","RD":[{"TM":"{{at:yyyy-MM-ddTHH:mm:ss}},000+0000 S","RV":{{wh}},"RI":"1-b:1.8.0","RU":"Wh"}]}|{"SA":"ECDSA-secp256r1-SHA256","SD":"00"}""";
}
