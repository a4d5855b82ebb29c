namespace Rivet.Live.Core.Hls;

/// <summary>When the publisher's own video is offered beside the ladder.</summary>
internal enum SourceListing
{
    /// <summary>While its keyframes allow segments to begin with one, and always where there is no rendition.</summary>
    Auto,
    Always,
    Never,
}
