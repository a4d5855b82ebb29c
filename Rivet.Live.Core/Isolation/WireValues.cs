using Rivet.Live.Core.Media;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Core.Isolation;

/// <summary>Small values on the wire: read and written side by side.</summary>
internal static class WireValues
{
    /// <summary>Timescales and numbers of devices are no larger; a list of more has lost its way.</summary>
    private const int ItemsMax = 1 << 20;

    public static void Write(this in MessagePackWriter output, MediaTime time)
    {
        output.WriteArrayHeader(2);
        output.Write(time.Ticks);
        output.Write((long)time.Timescale);
    }

    public static MediaTime ReadTime(this ref MessagePackReader input)
    {
        input.ReadItems(2);
        long ticks = input.ReadInt64();
        int timescale = input.ReadInt32();
        return timescale > 0 ? new MediaTime(ticks, timescale) : throw new InvalidDataException($"Saw timescale {timescale}; expected 1 or more.");
    }

    public static void Write(this in MessagePackWriter output, int? value)
    {
        if (value is { } number)
        {
            output.Write((long)number);
        }
        else
        {
            output.WriteNil();
        }
    }

    public static int? ReadOptionalInt32(this ref MessagePackReader input) => input.TryReadNil() ? null : input.ReadInt32();

    public static void Write(this in MessagePackWriter output, long? value)
    {
        if (value is { } number)
        {
            output.Write(number);
        }
        else
        {
            output.WriteNil();
        }
    }

    public static long? ReadOptionalInt64(this ref MessagePackReader input) => input.TryReadNil() ? null : input.ReadInt64();

    public static void Write(this in MessagePackWriter output, double? value)
    {
        if (value is { } number)
        {
            output.Write(number);
        }
        else
        {
            output.WriteNil();
        }
    }

    public static double? ReadOptionalDouble(this ref MessagePackReader input) => input.TryReadNil() ? null : input.ReadDouble();

    public static void Write(this in MessagePackWriter output, DateTimeOffset? moment) => output.Write(moment?.UtcTicks);

    /// <exception cref="InvalidDataException">No calendar has that moment.</exception>
    public static DateTimeOffset? ReadOptionalMoment(this ref MessagePackReader input) => input.ReadOptionalInt64() switch
    {
        null => null,
        >= 0 and long ticks when ticks <= DateTimeOffset.MaxValue.Ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        long ticks => throw new InvalidDataException($"Saw {ticks} ticks, which is no moment."),
    };

    public static void Write(this in MessagePackWriter output, TimeSpan span) => output.Write(span.Ticks);

    public static TimeSpan ReadSpan(this ref MessagePackReader input) => TimeSpan.FromTicks(input.ReadInt64());

    public static void Write<T>(this in MessagePackWriter output, T word)
        where T : struct, Enum => output.Write(Convert.ToInt64(word, null));

    /// <exception cref="InvalidDataException">No word of this kind has that number.</exception>
    public static T ReadEnum<T>(this ref MessagePackReader input)
        where T : struct, Enum
    {
        int number = input.ReadInt32();
        T word = (T)Enum.ToObject(typeof(T), number);
        return Enum.IsDefined(word) ? word : throw new InvalidDataException($"Saw {number}, which is no {typeof(T).Name}.");
    }

    public static string ReadText(this ref MessagePackReader input) => input.ReadString() ?? throw new InvalidDataException("Saw nil; expected a text.");

    public static void Write(this in MessagePackWriter output, IReadOnlyList<string> texts)
    {
        output.WriteArrayHeader(texts.Count);
        foreach (string text in texts)
        {
            output.Write(text);
        }
    }

    public static string[] ReadTexts(this ref MessagePackReader input)
    {
        string[] texts = new string[input.ReadCount()];
        for (int index = 0; index < texts.Length; index++)
        {
            texts[index] = input.ReadText();
        }

        return texts;
    }

    /// <summary>The header of a list with so many items.</summary>
    /// <exception cref="InvalidDataException">There are not as many.</exception>
    public static void ReadItems(this ref MessagePackReader input, int expected)
    {
        int seen = input.ReadArrayHeader();
        if (seen != expected)
        {
            throw new InvalidDataException($"Saw {seen} values; expected {expected}.");
        }
    }

    /// <summary>The header of a list of any length.</summary>
    public static int ReadCount(this ref MessagePackReader input)
    {
        int count = input.ReadArrayHeader();
        return count <= ItemsMax ? count : throw new InvalidDataException($"Saw a list of {count} items; expected {ItemsMax} at most.");
    }
}
