using Rivet.Live.Core.MessagePack;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.MessagePack;

/// <summary>Values at random come back as they went; bytes at random are read or refused, and never at the cost of time or memory.</summary>
public sealed class RandomTests(ITestOutputHelper output)
{
    private const int Inputs = 20_000;

    /// <summary>What a value of one byte may cost in <see cref="Values"/>: a boxed number, and its place in a list. A refusal costs the rest.</summary>
    private const int BytesPerByteMax = 64;

    private const int RefusalBytesMax = 16 * 1024;

    [Fact]
    public void Values_AtRandom_ComeBackAsTheyWent()
    {
        Random random = NewRandom(out int seed);
        RandomValues values = new(random);
        for (int input = 0; input < Inputs / 10; input++)
        {
            object? value = values.Next(depth: 4);
            byte[] bytes = Values.Written(value);

            object? read = Values.Read(bytes, out int consumed);

            Assert.True(consumed == bytes.Length, $"seed {seed}, input {input}: {consumed} of {bytes.Length} bytes were read.");
            Assert.True(Values.Told(value) == Values.Told(read), $"seed {seed}, input {input}: {Values.Told(value)} became {Values.Told(read)}");
            Assert.True(bytes.AsSpan().SequenceEqual(Values.Written(read)), $"seed {seed}, input {input}: written again it differs.");
            MessagePackReader skipping = new(bytes);
            skipping.Skip();
            Assert.True(skipping.End, $"seed {seed}, input {input}: {skipping.Consumed} of {bytes.Length} bytes were skipped.");
        }
    }

    [Fact]
    public void Bytes_AtRandom_AreReadOrRefused()
    {
        Random random = NewRandom(out int seed);
        int refused = 0;
        for (int input = 0; input < Inputs; input++)
        {
            byte[] bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            refused += IsRefused(bytes, $"seed {seed}, input {input}") ? 1 : 0;
        }

        Assert.InRange(refused, Inputs / 20, Inputs - 1);
    }

    [Fact]
    public void Values_DamagedAtRandom_AreReadOrRefused()
    {
        Random random = NewRandom(out int seed);
        RandomValues values = new(random);
        int refused = 0;
        for (int input = 0; input < Inputs; input++)
        {
            byte[] bytes = Damaged(Values.Written(new List<object?> { values.Next(depth: 3), values.Next(depth: 1) }), random);
            refused += IsRefused(bytes, $"seed {seed}, input {input}") ? 1 : 0;
        }

        Assert.InRange(refused, Inputs / 20, Inputs - 1);
    }

    private static bool IsRefused(byte[] bytes, string input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? refusal = null;
        int consumed = 0;
        try
        {
            Values.Read(bytes, out consumed);
        }
        catch (MessagePackException malformed)
        {
            refusal = Told(malformed);
            Assert.InRange(malformed.Offset, 0, bytes.Length);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long allowed = ((long)BytesPerByteMax * bytes.Length) + RefusalBytesMax;
        Assert.True(allocated <= allowed, $"{input}: {allocated} bytes were allocated for {bytes.Length}; {allowed} are allowed.");
        Assert.True(refusal == Skipped(bytes, out int skipped), $"{input}: Skip and Read differ about {Convert.ToHexStringLower(bytes)}");
        Assert.True(refusal is not null || consumed == skipped, $"{input}: {consumed} bytes were read, {skipped} skipped.");
        return refusal is not null;
    }

    /// <summary>What was expected is not in it: Skip expects any number where Read expects an integer.</summary>
    private static string Told(MessagePackException malformed) => $"{malformed.Offset}: {malformed.Seen}";

    /// <returns>The refusal, null where there was none.</returns>
    private static string? Skipped(byte[] bytes, out int consumed)
    {
        MessagePackReader reader = new(bytes);
        consumed = 0;
        try
        {
            reader.Skip();
            consumed = reader.Consumed;
            return null;
        }
        catch (MessagePackException malformed)
        {
            return Told(malformed);
        }
    }

    private static byte[] Damaged(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int count = random.Next(1, 4); count > 0 && bytes.Count > 0; count--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    // Headers with the longest lengths are where a reader could be led astray.
                    bytes.InsertRange(at, [(byte)random.Next(0xc4, 0xe0), .. BitConverter.GetBytes(random.Next(-1, 70_000))]);
                    break;
            }
        }

        return [.. bytes];
    }

    private Random NewRandom(out int seed)
    {
        seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
