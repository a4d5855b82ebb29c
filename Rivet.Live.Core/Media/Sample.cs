namespace Rivet.Live.Core.Media;

/// <summary>One coded frame inside a fragment's payload.</summary>
/// <param name="DecodeTime">Decode time in ticks of the track's timescale (<c>tfdt</c> plus the durations before it).</param>
/// <param name="CompositionOffset">Presentation time minus decode time, in ticks; negative where the publisher says so.</param>
/// <param name="Duration">Ticks until the next sample's decode time.</param>
/// <param name="IsSync">True for a random access point; every audio sample is one.</param>
/// <param name="Offset">First byte inside the fragment's payload.</param>
/// <param name="Bytes">Number of bytes.</param>
public readonly record struct Sample(long DecodeTime, int CompositionOffset, int Duration, bool IsSync, int Offset, int Bytes)
{
    /// <summary>When the sample is shown, in ticks.</summary>
    public long PresentationTime => DecodeTime + CompositionOffset;

    /// <summary>Decode time of the sample after this one, in ticks.</summary>
    public long DecodeEnd => DecodeTime + Duration;
}
