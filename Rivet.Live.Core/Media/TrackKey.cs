namespace Rivet.Live.Core.Media;

/// <summary>Names one track of one broadcast, for example <c>live/demo</c> and <c>video</c>.</summary>
/// <param name="Broadcast">The broadcast that the track belongs to.</param>
/// <param name="Track"><c>video</c>, <c>audio</c>, <c>video2</c> … for the publisher's tracks; a rendition's name for a rendition.</param>
public readonly record struct TrackKey(BroadcastId Broadcast, string Track)
{
    public override string ToString() => $"{Broadcast}:{Track}";
}
