using System.Text.Json.Serialization;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;
using EdgeGateway.Site.Reports;

namespace EdgeGateway.Journal;

/// <summary>Records that are stored whole, as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    Converters = [typeof(AudienceConverter)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Cdr))]
[JsonSerializable(typeof(SessionTerms))]
[JsonSerializable(typeof(Authorization))]
[JsonSerializable(typeof(HeldAdmission))]
[JsonSerializable(typeof(ShownEvse))]
[JsonSerializable(typeof(Reservation))]
[JsonSerializable(typeof(HeardEvent))]
[JsonSerializable(typeof(SessionBegan))]
[JsonSerializable(typeof(SessionEnded))]
[JsonSerializable(typeof(Metered))]
[JsonSerializable(typeof(TransactionTold))]
[JsonSerializable(typeof(ConnectorReported))]
[JsonSerializable(typeof(string))]
internal sealed partial class Records : JsonSerializerContext;
