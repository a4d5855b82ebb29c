namespace Rivet.Live.Core.Ladder;

/// <summary>What happens to a rendition that no device of the policy encodes any more.</summary>
internal enum EncoderFallback
{
    /// <summary>The CPU goes on.</summary>
    Software,

    /// <summary>The rendition is given up, the others go on.</summary>
    DropRendition,

    /// <summary>The broadcast ends.</summary>
    Fail,
}
