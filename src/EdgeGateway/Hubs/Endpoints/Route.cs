using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Hubs.Endpoints;

/// <param name="Pattern">Segments behind the public url; those in braces are free.</param>
/// <param name="OpenToInvited">A registration token will do (T4).</param>
public sealed record Route(string Method, string Pattern, Func<OcpiRequest, Task<OcpiAnswer>> Handler, bool OpenToInvited = false)
{
    private readonly string[] _segments = Pattern.Split('/');

    public bool Fits(IReadOnlyList<string> segments)
    {
        if (segments.Count != _segments.Length)
            return false;
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i][0] != '{' && !string.Equals(_segments[i], segments[i], StringComparison.Ordinal))
                return false;
        }
        return true;
    }
}
