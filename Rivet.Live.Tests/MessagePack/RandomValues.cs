using System.Text;

namespace Rivet.Live.Tests.MessagePack;

/// <summary>Values at random, with a liking for the lengths and numbers at which formats change.</summary>
internal sealed class RandomValues(Random random)
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 255, 256, 257];

    /// <param name="depth">Arrays and maps in one another.</param>
    public object? Next(int depth) => random.Next(depth > 0 ? 12 : 10) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 or 3 => Integer(),
        4 => random.NextSingle() * random.Next(-1000, 1000),
        5 => Double(),
        6 => Text(),
        7 => Bytes(),
        8 => DateTime.UnixEpoch.AddTicks(random.NextInt64(-DateTime.UnixEpoch.Ticks, (DateTime.MaxValue - DateTime.UnixEpoch).Ticks) >> random.Next(40)),
        9 => new Extension((sbyte)random.Next(0, 128), Bytes()),
        10 => new List<object?>(Enumerable.Range(0, Count()).Select(_ => Next(depth - 1))),
        _ => new List<KeyValuePair<object, object?>>(Enumerable.Range(0, Count()).Select(number => KeyValuePair.Create<object, object?>($"{Text()} {number}", Next(depth - 1)))),
    };

    private int Count() => random.Next(20) == 0 ? Lengths[random.Next(Lengths.Length)] : random.Next(6);

    private object Integer()
    {
        ulong bits = (ulong)random.NextInt64() << random.Next(2) >> random.Next(64);
        return random.Next(2) == 0 ? -(long)(bits >> 1) : Values.Narrowed(bits);
    }

    /// <remarks>No -0.0, which JavaScript's writers send as the integer 0.</remarks>
    private double Double() => random.Next(3) switch
    {
        0 => random.Next(-1000, 1000),
        1 => BitConverter.Int64BitsToDouble(random.NextInt64(BitConverter.DoubleToInt64Bits(double.MaxValue))),
        _ => random.NextDouble(),
    };

    private byte[] Bytes()
    {
        byte[] bytes = new byte[Lengths[random.Next(Lengths.Length)]];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text()
    {
        int length = random.Next(4) == 0 ? Lengths[random.Next(Lengths.Length)] : random.Next(8);
        StringBuilder text = new();
        for (int index = 0; index < length; index++)
        {
            // Every plane, and nothing of the surrogates, which are no characters.
            int value = random.Next(4) == 0 ? random.Next(0x10FFFF - 0x800) : random.Next(0x80);
            text.Append(new Rune(value < 0xD800 ? value : value + 0x800));
        }

        return text.ToString();
    }
}
