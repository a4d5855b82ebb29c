using System.Globalization;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>Where a field lies in its struct.</summary>
/// <param name="Offset">Of its first byte, or of the 32 bits that it is part of.</param>
/// <param name="Bytes">Its size; 4 for some of the bits of a word.</param>
/// <param name="Bit">The first of its bits.</param>
/// <param name="Bits">How many there are; 0 where it has whole bytes.</param>
internal readonly record struct NvencField(int Offset, int Bytes, int Bit, int Bits)
{
    public bool IsBits => Bits > 0;

    /// <summary>Its bits within their word.</summary>
    public uint Mask => (uint)(((1UL << Bits) - 1) << Bit);

    /// <summary>Reads <c>16:7/2</c> or <c>88/1</c>.</summary>
    public static NvencField Parse(string text)
    {
        int[] numbers = [.. text.Split(':', '/').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
        return text.Contains(':', StringComparison.Ordinal)
            ? new NvencField(numbers[0], sizeof(uint), numbers[1], numbers[2])
            : new NvencField(numbers[0], numbers[1], 0, 0);
    }
}
