namespace Rivet.Live.Core.Encoding;

/// <summary>What a picture's numbers mean as light, in the code points of ITU-T H.273. 2 is unspecified.</summary>
/// <param name="IsFullRange">True where samples use all 256 values, false for 16 to 235.</param>
/// <param name="Primaries">Colour primaries: 1 is BT.709.</param>
/// <param name="Transfer">Transfer characteristics.</param>
/// <param name="Matrix">Matrix coefficients.</param>
/// <param name="ChromaLocation">Where chroma samples sit: 0 unknown, 1 left, 2 centre, 3 top left (one more than H.273).</param>
internal readonly record struct PictureColor(bool IsFullRange, int Primaries, int Transfer, int Matrix, int ChromaLocation)
{
    private const int Unspecified = 2;

    /// <summary>Nothing is known: what most encoders mean by it is BT.709 in video range.</summary>
    public static PictureColor Unknown { get; } = new(false, Unspecified, Unspecified, Unspecified, 0);

    /// <summary>True where there is something worth telling a player.</summary>
    public bool IsKnown => IsFullRange || Primaries != Unspecified || Transfer != Unspecified || Matrix != Unspecified;
}
