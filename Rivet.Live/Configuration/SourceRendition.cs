namespace Rivet.Live.Configuration;

/// <summary><c>Ladder:Source</c>: whether the publisher's own video is listed beside the renditions.</summary>
internal enum SourceRendition
{
    /// <summary>Listed when players can be expected to play it.</summary>
    Auto,

    /// <summary>Listed whatever it is.</summary>
    Always,

    /// <summary>Never listed; players see renditions only.</summary>
    Never,
}
