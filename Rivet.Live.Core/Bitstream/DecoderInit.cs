namespace Rivet.Live.Core.Bitstream;

/// <summary>What a decoder is set up with before the first picture. All encoders of a rendition agree on it, or one init segment would not do for them.</summary>
/// <remarks>Made from parameter sets by <see cref="AvcSps"/>, <see cref="HevcSps"/> and <see cref="Av1SequenceHeader"/>.</remarks>
internal sealed class DecoderInit
{
    private readonly (string Name, int Value)[] _fields;

    /// <param name="codec">Names the codec; streams of two codecs never agree.</param>
    /// <param name="fields">What has to be equal, each named as people read it; always the same names in the same order for one codec.</param>
    public DecoderInit(string codec, ReadOnlySpan<(string Name, int Value)> fields)
    {
        Codec = codec;
        _fields = fields.ToArray();
    }

    public string Codec { get; }

    /// <summary>Every field that differs, for people: <c>level 31, was 30</c>. Empty where both agree.</summary>
    /// <param name="first">What the rendition began with.</param>
    public IReadOnlyList<string> DifferencesFrom(DecoderInit first)
    {
        if (Codec != first.Codec)
        {
            return [$"codec {Codec}, was {first.Codec}"];
        }

        return [.. _fields
            .Zip(first._fields)
            .Where(static pair => pair.First.Value != pair.Second.Value)
            .Select(static pair => $"{pair.First.Name} {pair.First.Value}, was {pair.Second.Value}")];
    }

    public override string ToString() => $"{Codec}: {string.Join(", ", _fields.Select(static field => $"{field.Name} {field.Value}"))}";
}
