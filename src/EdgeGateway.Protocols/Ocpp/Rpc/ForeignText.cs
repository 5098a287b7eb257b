using System.Text;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>What others wrote, made fit for our own sentences and logs: short, on one line (S6).</summary>
internal static class ForeignText
{
    public static string Quote(string text, int maxChars)
    {
        var quote = new StringBuilder("\"");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, maxChars))) quote.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return quote.Append(text.Length > maxChars ? "…\"" : "\"").ToString();
    }
}
