namespace Rivet.Live.Core.Media;

/// <summary>What a track's samples are.</summary>
public enum TrackKind
{
    Video,
    Audio,

    /// <summary>Text, timed metadata and anything else: read past, but for the events of event message tracks.</summary>
    Other,
}
