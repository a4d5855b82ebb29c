namespace Rivet.Live.Core.Recording;

/// <summary>How far one recorder has read an <see cref="AudioTape"/>, which moves it under its lock.</summary>
internal sealed class AudioCursor
{
    /// <summary>Number of the fragment, counted over the whole track.</summary>
    public long Fragment { get; set; }

    /// <summary>Index of the next sample in it.</summary>
    public int Sample { get; set; }

    /// <summary>Fragments that were gone before they were read.</summary>
    public long Skipped { get; set; }
}
