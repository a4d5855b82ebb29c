namespace Rivet.Live.Core.Media;

/// <summary>What a track's init segment says of it. Immutable: a changed init is a new description.</summary>
public sealed record TrackDescription
{
    public required TrackKind Kind { get; init; }

    /// <summary>Ticks per second of the track's decode times (<c>mdhd</c>).</summary>
    public required int Timescale { get; init; }

    /// <summary>Four-character code of the sample entry: <c>avc1</c>, <c>hvc1</c>, <c>mp4a</c> …</summary>
    public required string SampleEntryType { get; init; }

    /// <summary>RFC 6381 codec string read from the codec configuration, for example <c>avc1.64001f</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>The whole sample entry box (<c>stsd</c> child) as it was sent or built, header included.</summary>
    public required ReadOnlyMemory<byte> SampleEntry { get; init; }

    /// <summary>What a decoder needs as extradata: the payload of avcC, hvcC, av1C or dOps, or the AudioSpecificConfig. May be empty.</summary>
    public required ReadOnlyMemory<byte> CodecConfiguration { get; init; }

    /// <summary>Coded width in pixels; 0 for audio.</summary>
    public int Width { get; init; }

    /// <summary>Coded height in pixels; 0 for audio.</summary>
    public int Height { get; init; }

    /// <summary>Samples per second; 0 for video.</summary>
    public int SampleRate { get; init; }

    /// <summary>Channels; 0 for video.</summary>
    public int Channels { get; init; }

    /// <summary>ISO 639-2/T language of <c>mdhd</c>, <c>und</c> where unknown.</summary>
    public string Language { get; init; } = "und";

    /// <summary>True where both describe the same stream, so that one init segment serves both.</summary>
    public bool IsSameStreamAs(TrackDescription other) =>
        Kind == other.Kind && Timescale == other.Timescale && SampleEntry.Span.SequenceEqual(other.SampleEntry.Span);
}
