using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Endpoints;

/// <summary>Tells the name of a broadcast from the name of an object inside one.</summary>
internal static partial class IngestPath
{
    /// <summary>True where the last segment has the ending of a media object or manifest, or reads <c>Streams(NAME)</c>.</summary>
    public static bool NamesAnObject([NotNullWhen(true)] string? path) => path is not null && LastSegment().IsMatch(path);

    /// <summary>
    /// Splits a path into broadcast and object. The broadcast is the folder that the object lies in, or the one further up that objects are pushed
    /// to already: templates may put each track into a folder of its own.
    /// </summary>
    /// <param name="path">Without a slash at either end.</param>
    /// <param name="isPushedTo">Whether objects are pushed to a broadcast now.</param>
    /// <param name="broadcast">Its name.</param>
    /// <param name="name">The object's, from there on.</param>
    public static bool TrySplit(string path, Func<BroadcastId, bool> isPushedTo, out BroadcastId broadcast, [NotNullWhen(true)] out ObjectName? name)
    {
        string[] segments = path.Split('/');
        for (int depth = segments.Length - 1; depth > 0; depth--)
        {
            if (BroadcastId.TryParse(string.Join('/', segments[..depth]), out broadcast) && isPushedTo(broadcast))
            {
                return ObjectName.TryParse(string.Join('/', segments[depth..]), out name);
            }
        }

        int last = segments.Length > 2 && Switching().IsMatch(segments[^2]) ? segments.Length - 2 : segments.Length - 1;
        name = null;
        return BroadcastId.TryParse(string.Join('/', segments[..last]), out broadcast) && ObjectName.TryParse(string.Join('/', segments[last..]), out name);
    }

    [GeneratedRegex(@"(?:\A|/)(Streams\([^/]*\)|[^/]*\.(mp4|m4s|m4v|m4a|cmfv|cmfa|cmft|init|mpd|m3u8))\z", RegexOptions.CultureInvariant)]
    private static partial Regex LastSegment();

    /// <summary>The optional switching set of DASH-IF Ingest 6.2.</summary>
    [GeneratedRegex(@"\ASwitching\([^/]*\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Switching();
}
