namespace Rivet.Live.Core.Media;

/// <summary>What a track's samples are.</summary>
public enum TrackKind
{
    Video,
    Audio,

    /// <summary>Text, timed metadata and anything else: carried, never packaged.</summary>
    Other,
}
