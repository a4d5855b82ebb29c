using System.Text.Json.Serialization;

namespace Rivet.Live.Endpoints;

/// <summary>A refusal as RFC 9457 writes it: what was seen, what is accepted.</summary>
internal sealed record Problem(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("detail")] string Detail,
    [property: JsonPropertyName("reason")] string Reason)
{
    /// <summary>Where in the body the offending box begins; null where the body is not at fault.</summary>
    [JsonPropertyName("offsetBytes")]
    public long? OffsetBytes { get; init; }

    /// <summary>Path of the offending box, for example <c>moof/traf[1]/trun</c>.</summary>
    [JsonPropertyName("box")]
    public string? Box { get; init; }

    /// <summary>Sent as Retry-After.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }

    /// <param name="status">HTTP status.</param>
    /// <param name="reason">A stable kebab-case word.</param>
    /// <param name="detail">What was seen, what was expected, what to do.</param>
    /// <param name="retryAfterSeconds">When to ask again; null: not by itself.</param>
    public static Problem Of(int status, string reason, string detail, int? retryAfterSeconds = null) =>
        new($"urn:rivet:{reason}", reason.Replace('-', ' '), status, detail, reason) { RetryAfterSeconds = retryAfterSeconds };
}
