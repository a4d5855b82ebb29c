using System.Collections.Concurrent;
using System.Text.Json;
using Rivet.Live.Tests.Support;

namespace Rivet.Live.Tests.Stats;

/// <summary>Which fields of the stats had a value that tells something, over all snapshots that were looked at.</summary>
internal sealed class FieldsSeen
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _values = [];

    /// <summary>Every field there is.</summary>
    public static IReadOnlyList<string> All { get; } = Repository.Read("Rivet.Live.Tests/Goldens/stats-names.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What stays zero, or absent, until something goes wrong.</summary>
    public static IReadOnlyList<string> OfTrouble { get; } =
    [
        "devices[].waiting",
        "broadcasts[].source[].gapSeconds",
        "broadcasts[].source[].fragmentsRepeated",
        "broadcasts[].renditions[].fragmentsSkipped",
        "broadcasts[].renditions[].panics",
        "broadcasts[].renditions[].framesDuplicated",
        "broadcasts[].renditions[].chunksHelped",
        "broadcasts[].renditions[].queuedChunks",
        "broadcasts[].publishers[].remote",
        "broadcasts[].publishers[].dialect",
        "broadcasts[].publishers[].lastHeardSeconds",
    ];

    public void Look(JsonElement stats) => Look(stats, "");

    /// <summary>Those of the fields that never told anything: absent, zero, empty, or always the same where there are two ways to be.</summary>
    public IEnumerable<string> Untold(IEnumerable<string> fields) => fields.Where(field => !Tells(field));

    private bool Tells(string field)
    {
        string[] values = [.. _values.GetValueOrDefault(field)?.Keys ?? []];
        bool isOneOfSeveral = field.EndsWith(".state", StringComparison.Ordinal) && field.StartsWith("broadcasts[].", StringComparison.Ordinal) && !field.Contains("recordings", StringComparison.Ordinal);
        return values is ["True" or "False"] || isOneOfSeveral ? values.Length > 1 : values.Any(static value => value is not ("" or "0"));
    }

    private void Look(JsonElement node, string path)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty field in node.EnumerateObject())
                {
                    Look(field.Value, $"{path}.{field.Name}");
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in node.EnumerateArray())
                {
                    Look(item, $"{path}[]");
                }

                break;
            default:
                _values.GetOrAdd(path.TrimStart('.'), static _ => []).TryAdd(node.ToString(), 0);
                break;
        }
    }
}
