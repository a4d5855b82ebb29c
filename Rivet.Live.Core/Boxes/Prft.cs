using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>prft — Producer Reference Time. In: file, before the moof that it speaks of. ISO/IEC 14496-12 §8.16.5.</summary>
/// <param name="TrackId">Whose media time.</param>
/// <param name="NtpTime">Wall clock in NTP format: seconds since 1900 in the upper 32 bits, their fraction in the lower.</param>
/// <param name="MediaTime">In the track's ticks.</param>
internal readonly record struct Prft(uint TrackId, ulong NtpTime, ulong MediaTime)
{
    private static readonly DateTimeOffset NtpEpoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The wall clock.</summary>
    public DateTimeOffset WallClock => NtpEpoch.AddSeconds(NtpTime / 4294967296.0);

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Prft prft)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        prft = new Prft(fields.UInt32(), fields.UInt64(), fields.UInt32Or64(version));
        return version > 1 ? OperationStatus.InvalidData : fields.Status;
    }

    public void Write(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Prft, version: 1, flags: 0))
        {
            boxes.UInt32(TrackId);
            boxes.UInt64(NtpTime);
            boxes.UInt64(MediaTime);
        }
    }
}
