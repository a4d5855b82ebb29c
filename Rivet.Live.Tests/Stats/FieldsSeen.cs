using System.Collections.Concurrent;
using System.Text.Json;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;
using Rivet.Live.Endpoints;

namespace Rivet.Live.Tests.Stats;

/// <summary>Which fields of the stats had a value that tells something, over all snapshots that were looked at.</summary>
internal sealed class FieldsSeen
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _values = [];

    /// <summary>All of <c>/stats</c>.</summary>
    public void Look(JsonElement stats) => Look(stats, "");

    public void Look(LiveStats stats) => Look(JsonSerializer.SerializeToElement(stats, LiveJson.Wire.LiveStats));

    /// <summary>One broadcast's.</summary>
    public void LookAtBroadcast(JsonElement stats) => Look(stats, "broadcasts[]");

    /// <summary>One rendition's.</summary>
    public void LookAtRendition(JsonElement stats) => Look(stats, "broadcasts[].renditions[]");

    /// <summary>What is said of a drain whose broadcast nobody plays.</summary>
    public void Look(Drain drain)
    {
        using HlsPresentation presentation = new(drain.Session, new HlsPlan(0.5, 2, 6), SourceListing.Auto);
        LiveBroadcast broadcast = new(new PublishingPoint(drain.Session, TimeProvider.System), new LadderOffer([], []), presentation);
        LookAtRendition(JsonSerializer.SerializeToElement(LiveStatsReader.Read(broadcast, drain), LiveJson.Wire.RenditionStats));
    }

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
