namespace Rivet.Live.Core.Encoding;

/// <summary>What a device encodes, or decodes, found out by having it do so.</summary>
internal sealed record CodecAbilities
{
    private readonly HashSet<(VideoCodec Codec, int BitDepth)> _able;

    private CodecAbilities(IEnumerable<(VideoCodec Codec, int BitDepth)> able, string? why)
    {
        _able = [.. able];
        Why = why;
    }

    /// <summary>Everything that there is to try. Players take H.264 with 8 bits only.</summary>
    public static IReadOnlyList<(VideoCodec Codec, int BitDepth)> Candidates { get; } =
        [(VideoCodec.H264, 8), (VideoCodec.Hevc, 8), (VideoCodec.Hevc, 10), (VideoCodec.Av1, 8), (VideoCodec.Av1, 10)];

    public static CodecAbilities All { get; } = Of([.. Candidates]);

    /// <summary>False for a device that does only the other of the two, or that could not be opened.</summary>
    public bool Any => _able.Count > 0;

    /// <summary>Why there is nothing; null where there is something.</summary>
    public string? Why { get; }

    /// <summary>What it gave that was not what went in, for people; what it does right is used all the same.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    public static CodecAbilities Of(params IEnumerable<(VideoCodec Codec, int BitDepth)> able) => new(able, why: null);

    public static CodecAbilities None(string why) => new([], why);

    public bool Has(VideoCodec codec, int bitDepth) => _able.Contains((codec, bitDepth));

    /// <summary>For people: <c>h264, hevc, hevc 10-bit</c>.</summary>
    public override string ToString() => Any
        ? string.Join(", ", Candidates.Where(_able.Contains).Select(static one => VideoEncoderSettings.WordOf(one.Codec) + (one.BitDepth == 8 ? "" : $" {one.BitDepth}-bit")))
        : "nothing";
}
