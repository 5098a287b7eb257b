using System.Text.Json.Serialization;
using EdgeGateway.Site;
using EdgeGateway.Site.Model;

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
internal sealed partial class Records : JsonSerializerContext;
