using System.Text.Json.Nodes;

namespace EdgeGateway.Simulators.Hub;

/// <summary>What objects of any version say, found by the names that each version has for it (checklist §15).</summary>
public static class OcpiWords
{
    /// <summary>Net amount: a number [211], excl_vat [221], before_taxes [230].</summary>
    public static decimal? Net(JsonNode? price) =>
        price is JsonValue value && value.TryGetValue<decimal>(out var number) ? number : price.Number("excl_vat") ?? price.Number("before_taxes");

    /// <summary>With VAT, where it is stated.</summary>
    public static decimal? Gross(JsonNode? price) =>
        price.Number("incl_vat")
        ?? (price.Array("taxes") is { Count: > 0 } taxes ? price.Number("before_taxes") + taxes.Sum(t => t.Number("amount") ?? 0) : null);

    public static string? Start(JsonObject? sessionOrCdr) => sessionOrCdr.Text("start_date_time") ?? sessionOrCdr.Text("start_datetime");

    /// <summary>Of a CDR.</summary>
    public static string? End(JsonObject? cdr) => cdr.Text("end_date_time") ?? cdr.Text("stop_date_time");

    /// <summary>The token's uid; [211] knows its auth_id only.</summary>
    public static string? Token(JsonObject? sessionOrCdr) => sessionOrCdr?["cdr_token"].Text("uid") ?? sessionOrCdr.Text("auth_id");

    /// <summary>Where it was: by ids [22+], or in the location that it carries [211].</summary>
    public static (string? Location, string? Evse, string? Connector) Place(JsonObject? sessionOrCdr)
    {
        if (sessionOrCdr?["cdr_location"] is JsonObject copied)
            return (copied.Text("id"), copied.Text("evse_uid"), copied.Text("connector_id"));
        if (sessionOrCdr?["location"] is not JsonObject carried)
            return (sessionOrCdr.Text("location_id"), sessionOrCdr.Text("evse_uid"), sessionOrCdr.Text("connector_id"));
        var evse = carried.Array("evses") is [var first, ..] ? first : null;
        return (carried.Text("id"), evse.Text("uid"), evse.Array("connectors") is [var connector, ..] ? connector.Text("id") : null);
    }

    /// <summary>Whether this CDR is of this session: by session_id [22+], by card, place and start [211], which has no other link.</summary>
    public static bool Bills(JsonObject cdr, JsonObject session) =>
        cdr.ContainsKey("auth_id")
            ? cdr.Text("auth_id") == session.Text("auth_id") && Start(cdr) == Start(session) && Place(cdr) == Place(session)
            : cdr.Text("session_id") is { } id && id == session.Text("id");

    public static bool IsCredit(JsonObject cdr) => cdr["credit"] is JsonValue value && value.TryGetValue<bool>(out var credit) && credit;

    /// <summary>Ids of a connector's tariffs, the main one first.</summary>
    public static IEnumerable<string> Tariffs(JsonNode? connector) =>
        connector.Array("tariff_ids").Select(t => (string?)t).Append(connector.Text("tariff_id")).OfType<string>();
}
