using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary>How our records look in JSON: camelCase, absent where unknown.</summary>
[JsonSerializable(typeof(LiveStats))]
[JsonSerializable(typeof(BroadcastStats))]
[JsonSerializable(typeof(RenditionStats))]
[JsonSerializable(typeof(IngestReceipt))]
[JsonSerializable(typeof(HistoryStats))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ReloadReceipt))]
[JsonSerializable(typeof(PlayerBeacon))]
internal sealed partial class LiveJson : JsonSerializerContext
{
    /// <summary>What goes over the wire.</summary>
    public static LiveJson Wire { get; } = new(NewOptions());

    /// <summary>The same, with doubles that can be told from integers: what MessagePack is made of.</summary>
    public static LiveJson Exact { get; } = new(new JsonSerializerOptions(NewOptions()) { Converters = { new ExactDoubles() } });

    /// <remarks>Relaxed: people read our problems in terminals, where an escaped apostrophe hides the message.</remarks>
    private static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
