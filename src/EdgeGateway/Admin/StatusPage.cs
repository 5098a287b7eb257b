using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace EdgeGateway.Admin;

/// <summary>One page without scripts or anything from elsewhere; it asks anew by itself. All that came from chargers or hubs is escaped.</summary>
internal static class StatusPage
{
    public const int RefreshSeconds = 5;

    private const string Style = """
        :root{color-scheme:light dark}body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
        h1{font-size:1.3rem;margin:.2rem 0}h2{font-size:1.05rem;margin:1.4rem 0 .4rem}p{margin:.2rem 0}
        table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;opacity:.7}th,td{padding:.3rem .5rem .3rem 0;border-bottom:1px solid #8884;vertical-align:top}
        .n{text-align:right}.n,.s{white-space:nowrap}.ok{color:#17803d}.bad{color:#c02626}.wait{color:#a15c00}small{opacity:.7}.w{overflow-x:auto}
        @media (prefers-color-scheme:dark){.ok{color:#4ade80}.bad{color:#f87171}.wait{color:#fbbf24}}
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static async Task WriteAsync(HttpContext context, StatusView status)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = Policy;
        await context.Response.WriteAsync(Render(status), context.RequestAborted);
    }

    internal static string Render(StatusView status)
    {
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .Append(CultureInfo.InvariantCulture, $"<meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\"><title>{E(status.SiteName)}</title><style>{Style}</style></head><body>")
            .Append($"<h1>{E(status.SiteName)} <small>{E(status.SiteId)}, {E(status.Party)}</small></h1>")
            .Append($"<p><small>edge-gateway {E(status.Version)}, up since {Time(status.Started)}, now {Time(status.Now)}</small></p>");
        Degraded(html, status);
        Stations(html, status);
        Hubs(html, status);
        Meters(html, status);
        html.Append("<h2>Backlog</h2>")
            .Append($"<p>{status.Backlog.Waiting} waiting{(status.Backlog.Oldest is { } oldest ? $", the oldest since {Time(oldest)}" : "")}, {status.Backlog.Refused} refused</p>")
            .Append(status.Mqtt is { } mqtt ? $"<p>MQTT <span class=\"{(mqtt.State == "Online" ? "ok" : "bad")}\">{E(mqtt.State)}</span> <small>{E(mqtt.Broker)}, {mqtt.Waiting} waiting, {mqtt.Dropped} dropped</small></p>" : "")
            .Append($"<p><small>Database {Megabytes(status.Storage.SizeBytes)} of {Megabytes(status.Storage.LimitBytes)}</small></p></body></html>");
        return html.ToString();
    }

    private static void Degraded(StringBuilder html, StatusView status)
    {
        if (status.Degraded.Count == 0)
        {
            html.Append("<p class=\"ok\">All is well.</p>");
            return;
        }
        html.Append("<h2>To look at</h2><ul>");
        foreach (var one in status.Degraded)
            html.Append($"<li class=\"bad\">{E(one.Subject)}: {E(one.Text)}</li>");
        html.Append("</ul>");
    }

    private static void Stations(StringBuilder html, StatusView status)
    {
        html.Append("<h2>Stations</h2><div class=\"w\"><table><tr><th>Station<th>Line<th>EVSE<th>State<th class=\"n\">Session</tr>");
        foreach (var station in status.Stations)
        {
            var line = station.Connected ? "<span class=\"ok\">connected</span>" : "<span class=\"bad\">no line</span>";
            if (station.Admission != "Accepted")
                line += $" <span class=\"wait\">{E(station.Admission)}</span>";
            var first = $"<td>{E(station.Id)}<br><small>{E(station.Vendor)} {E(station.Model)}</small><td>{line}<br><small>{E(station.Protocol)}</small>";
            if (station.Connectors.Count == 0)
                html.Append($"<tr>{first}<td><td><td></tr>");
            foreach (var connector in station.Connectors)
            {
                var energy = connector.EnergyWh is { } wh ? $"{wh / 1000m:0.000} kWh" : "";
                var fault = connector.ErrorCode is null ? "" : $" <span class=\"bad\">{E(connector.ErrorCode)}</span>";
                html.Append($"<tr>{first}<td>{connector.Evse}/{connector.Connector} <small>{E(connector.PhysicalReference)}</small>")
                    .Append($"<td>{E(connector.State ?? connector.Status)}{fault}<td class=\"n\">{energy}</tr>");
                first = "<td><td>";
            }
        }
        html.Append("</table></div>");
    }

    private static void Hubs(StringBuilder html, StatusView status)
    {
        if (status.Hubs.Count == 0)
            return;
        html.Append("<h2>Hubs</h2><div class=\"w\"><table><tr><th>Hub<th>State<th class=\"n\">Waiting<th class=\"n\">Refused<th>Last delivery</tr>");
        foreach (var hub in status.Hubs)
        {
            html.Append($"<tr><td>{E(hub.Name)} <small>{E(hub.Version)}</small><td class=\"{(hub.State == "Online" ? "ok" : "bad")}\">{E(hub.State)}")
                .Append($"<td class=\"n\">{hub.Backlog}<td class=\"n\">{hub.DeadLetters}<td>{(hub.LastDelivery is { } last ? Time(last) : "")}</tr>");
        }
        html.Append("</table></div>");
    }

    private static void Meters(StringBuilder html, StatusView status)
    {
        if (status.Meters.Count == 0)
            return;
        html.Append("<h2>Meters</h2><div class=\"w\"><table><tr><th>Meter<th>At<th>State<th class=\"n\">Energy<th class=\"n\">Power<th class=\"n\">Current<th>Read</tr>");
        foreach (var meter in status.Meters)
        {
            var place = meter.Role == "Grid" ? "grid" : $"{meter.Station}/{meter.Evse}";
            var style = meter.Quality switch { "Good" => "ok", "None" when meter.Trouble is null => "wait", _ => "bad" };
            html.Append($"<tr><td>{E(meter.Id)}<br><small>{E(meter.Vendor)} {E(meter.Model)}</small><td class=\"s\">{E(place)}<td><span class=\"{style}\">{E(meter.Quality == "None" ? "not read yet" : meter.Quality.ToLowerInvariant())}</span>")
                .Append($"<br><small>{E(meter.Trouble)}</small>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{(meter.EnergyWh is { } wh ? $"{wh / 1000m:0.000} kWh" : "")}<td class=\"n\">{(meter.PowerW is { } power ? $"{power:0} W" : "")}")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{(meter.CurrentA is { } current ? $"{current:0.0} A" : "")}<td>{(meter.At is { } at ? Time(at) : "")}</tr>");
        }
        html.Append("</table></div>");
    }

    private static string E(string? text) => text is null ? "" : HtmlEncoder.Default.Encode(text);

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");
}
