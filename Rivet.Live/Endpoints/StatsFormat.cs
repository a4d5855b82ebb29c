using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Rivet.Live.Endpoints;

/// <summary>In which format stats are answered: <c>?format=</c> says so, or else Accept with its weights (RFC 9110 12.5.1).</summary>
internal static class StatsFormat
{
    public const string Json = "application/json";

    public const string MessagePack = "application/msgpack";

    /// <summary>In the order in which they are sent to who does not care.</summary>
    private static readonly string[] MediaTypes = [Json, MessagePack, "application/x-msgpack"];

    private const StringComparison Ignoring = StringComparison.OrdinalIgnoreCase;

    /// <returns>One of the media types; null where <c>?format=</c> names another format.</returns>
    public static string? Of(HttpRequest request) => request.Query.TryGetValue("format", out StringValues format)
        ? format.ToString() switch
        {
            "json" => Json,
            "msgpack" => MessagePack,
            _ => null,
        }
        : Preferred(request.GetTypedHeaders().Accept);

    /// <summary>
    /// What is wanted most; among what is wanted alike, what is named beats what a wildcard covers. Who takes none of them gets JSON all the
    /// same, which says more than a 406.
    /// </summary>
    private static string Preferred(IList<MediaTypeHeaderValue> accepted) => MediaTypes.MaxBy(type => WeightOf(type, accepted))!;

    private static (double Quality, int Precision) WeightOf(string type, IList<MediaTypeHeaderValue> accepted)
    {
        MediaTypeHeaderValue? closest = accepted
            .Where(range => range.MatchesAllTypes || range.MediaType.Equals(type, Ignoring) || (range.MatchesAllSubTypes && range.Type.Equals("application", Ignoring)))
            .MaxBy(PrecisionOf);
        return closest is null or { Quality: 0 } ? (0, 0) : (closest.Quality ?? 1, PrecisionOf(closest));
    }

    private static int PrecisionOf(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
