namespace Rivet.Live.Configuration;

/// <summary><c>Encoding:Fallback</c>: what happens to a rendition whose encoder keeps failing.</summary>
internal enum EncodingFallback
{
    /// <summary>The CPU goes on.</summary>
    Software,

    /// <summary>The rendition ends, the others go on.</summary>
    DropRendition,

    /// <summary>The broadcast ends.</summary>
    Fail,
}
