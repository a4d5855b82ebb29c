namespace Rivet.Live.Core.Bitstream;

/// <summary>Kinds of HEVC NAL units. ITU-T H.265 table 7-1.</summary>
internal static class HevcUnits
{
    public const int Vps = 32;
    public const int Sps = 33;
    public const int Pps = 34;
    private const int AccessUnitDelimiter = 35;
    private const int Filler = 38;

    public static int TypeOf(ReadOnlySpan<byte> unit) => (unit[0] >> 1) & 0x3F;

    public static bool IsSps(ReadOnlySpan<byte> unit) => TypeOf(unit) == Sps;

    public static bool IsParameterSet(ReadOnlySpan<byte> unit) => TypeOf(unit) is Vps or Sps or Pps;

    /// <summary>True for a slice: what stands before the first one holds for the picture.</summary>
    public static bool IsSlice(ReadOnlySpan<byte> unit) => TypeOf(unit) < Vps;

    /// <summary>False for what an <c>hvc1</c> track keeps in its init segment, for delimiters, and for the filler with which encoders keep a constant rate.</summary>
    public static bool BelongsInSample(ReadOnlySpan<byte> unit) => TypeOf(unit) is not (Vps or Sps or Pps or AccessUnitDelimiter or Filler);
}
