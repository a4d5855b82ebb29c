using System.Buffers;

namespace Rivet.Live.Core.Bitstream;

/// <summary>What the header of a VP9 keyframe says of its size. VP9 Bitstream Specification §6.2.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal readonly record struct Vp9Keyframe(int Width, int Height)
{
    private const uint Marker = 2;
    private const uint SyncCode = 0x498342;
    private const uint ColorSpaceRgb = 7;

    /// <param name="frame">The whole frame.</param>
    /// <param name="keyframe">What it says.</param>
    public static OperationStatus TryRead(ReadOnlySpan<byte> frame, out Vp9Keyframe keyframe)
    {
        keyframe = default;
        BitReader bits = new(frame, hasEmulationPrevention: false);
        uint marker = bits.Bits(2);
        uint profile = bits.Bits(1) | (bits.Bits(1) << 1);
        bits.Skip(profile == 3 ? 1 : 0);
        bool isShownAgain = bits.Flag();
        bool isInter = bits.Flag();
        bits.Skip(2); // shown, error resilient
        uint sync = bits.Bits(24);
        if (bits.Status == OperationStatus.Done && (marker != Marker || isShownAgain || isInter || sync != SyncCode))
        {
            return OperationStatus.InvalidData;
        }

        bits.Skip(profile >= 2 ? 1 : 0); // 10 or 12 bits
        bool isRgb = bits.Bits(3) == ColorSpaceRgb;
        bool hasSubsampling = profile is 1 or 3;
        bits.Skip(isRgb ? (hasSubsampling ? 1 : 0) : 1 + (hasSubsampling ? 3 : 0));
        keyframe = new Vp9Keyframe((int)bits.Bits(16) + 1, (int)bits.Bits(16) + 1);
        return bits.Status;
    }
}
