namespace Rivet.Live.Core.Bitstream;

/// <summary>Kinds of H.264 NAL units. ITU-T H.264 table 7-1.</summary>
internal static class AvcUnits
{
    private const int Sps = 7;
    private const int Pps = 8;
    private const int AccessUnitDelimiter = 9;
    private const int Filler = 12;

    public static bool IsSps(ReadOnlySpan<byte> unit) => TypeOf(unit) == Sps;

    public static bool IsPps(ReadOnlySpan<byte> unit) => TypeOf(unit) == Pps;

    /// <summary>False for what an <c>avc1</c> track keeps in its init segment, for delimiters, and for the filler with which encoders keep a constant rate.</summary>
    public static bool BelongsInSample(ReadOnlySpan<byte> unit) => TypeOf(unit) is not (Sps or Pps or AccessUnitDelimiter or Filler);

    /// <summary>True for a slice: what stands before the first one holds for the picture.</summary>
    public static bool IsSlice(ReadOnlySpan<byte> unit) => TypeOf(unit) is >= 1 and <= 5;

    private static int TypeOf(ReadOnlySpan<byte> unit) => unit[0] & 0x1F;
}
