using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Drains;

/// <summary>Names one drain: one per transcoder, rendition, broadcast and track.</summary>
internal readonly record struct DrainKey(string Transcoder, string Rendition, BroadcastId Broadcast, string Track)
{
    public override string ToString() => $"{Broadcast}:{Track} → {Rendition} ({Transcoder})";
}
