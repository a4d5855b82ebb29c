using System.Buffers.Binary;

namespace Rivet.Live.Core.MessagePack;

/// <summary>A moment, extension type -1 of the specification.</summary>
/// <param name="Seconds">Since 1970-01-01 UTC, leap seconds not counted.</param>
/// <param name="Nanoseconds">Behind that second, 0 to 999,999,999.</param>
internal readonly record struct MessagePackTimestamp(long Seconds, uint Nanoseconds)
{
    public const sbyte TypeCode = -1;

    public const int LengthMax = 12;

    private const uint NanosecondsMax = 999_999_999;

    /// <summary>In 8 bytes the seconds have 34 bits, and the nanoseconds the 30 above them.</summary>
    private const int ShortSecondsBits = 34;

    private static readonly long SecondsMin = -DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond;

    private static readonly long SecondsMax = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    public static MessagePackTimestamp Of(DateTime moment)
    {
        if (moment.Kind != DateTimeKind.Utc)
        {
            throw new ArgumentException($"{moment:O} is not in UTC.", nameof(moment));
        }

        long ticks = moment.Ticks - DateTime.UnixEpoch.Ticks;
        long seconds = (long)Math.Floor(ticks / (decimal)TimeSpan.TicksPerSecond);
        return new MessagePackTimestamp(seconds, (uint)((ticks - (seconds * TimeSpan.TicksPerSecond)) * TimeSpan.NanosecondsPerTick));
    }

    /// <summary>What an extension's data says; null where its length is none of the three, or a second has too many nanoseconds.</summary>
    public static MessagePackTimestamp? Read(ReadOnlySpan<byte> data)
    {
        MessagePackTimestamp? timestamp = data.Length switch
        {
            4 => new MessagePackTimestamp(BinaryPrimitives.ReadUInt32BigEndian(data), 0),
            8 => Split(BinaryPrimitives.ReadUInt64BigEndian(data)),
            LengthMax => new MessagePackTimestamp(BinaryPrimitives.ReadInt64BigEndian(data[4..]), BinaryPrimitives.ReadUInt32BigEndian(data)),
            _ => null,
        };
        return timestamp?.Nanoseconds <= NanosecondsMax ? timestamp : null;
    }

    /// <summary>Writes the shortest of the three forms that holds it.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> data)
    {
        if (Seconds is >= 0 and <= uint.MaxValue && Nanoseconds == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, (uint)Seconds);
            return 4;
        }

        if (Seconds >> ShortSecondsBits == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(data, ((ulong)Nanoseconds << ShortSecondsBits) | (ulong)Seconds);
            return 8;
        }

        BinaryPrimitives.WriteUInt32BigEndian(data, Nanoseconds);
        BinaryPrimitives.WriteInt64BigEndian(data[4..], Seconds);
        return LengthMax;
    }

    /// <summary>The same moment to 100 ns, what is finer cut off; null outside the years 1 to 9999.</summary>
    public DateTime? ToDateTime() => Seconds >= SecondsMin && Seconds <= SecondsMax
        ? DateTime.UnixEpoch.AddTicks((Seconds * TimeSpan.TicksPerSecond) + (Nanoseconds / TimeSpan.NanosecondsPerTick))
        : null;

    private static MessagePackTimestamp Split(ulong both) => new((long)(both & ((1ul << ShortSecondsBits) - 1)), (uint)(both >> ShortSecondsBits));
}
