using System.Text.Json.Serialization;
using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary>How our records look in JSON: camelCase, absent where unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveStats))]
[JsonSerializable(typeof(BroadcastStats))]
[JsonSerializable(typeof(RenditionStats))]
[JsonSerializable(typeof(IngestReceipt))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class LiveJson : JsonSerializerContext;
