using System.Buffers.Binary;

using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Ingest;

using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Ingest;

/// <summary>Damaged streams: refused or read, never anything else, and never at the cost of memory.</summary>
[Collection(SharedEncoderStreams.Name)]
public sealed class MutatedStreamTests(EncoderStreams streams, ITestOutputHelper output)
{
    private const int AllocatedBytesMax = 8 * 1024 * 1024;

    private static readonly int InputsPerStream = FuzzLength.Of(2500);

    private static readonly IngestLimits Limits = new() { MaxFragmentBytes = 1024 * 1024, MaxHeaderBoxBytes = 256 * 1024 };

    [Theory]
    [InlineData("plain")]
    [InlineData("separate-moof")]
    [InlineData("base-data-offset")]
    [InlineData("dash")]
    [InlineData("delay-moov-b-frames")]
    [InlineData("every-frame")]
    [InlineData("hvc1-opus")]
    [InlineData("smooth")]
    [InlineData("ec-3")]
    public void Stream_DamagedAtRandom_IsReadOrRefused(string name)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] original = streams.BytesOf(name);
        List<int> headers = FindHeaderBytes(original);
        int refused = 0;
        for (int input = 0; input < InputsPerStream; input++)
        {
            byte[] bytes = Damage(original, headers, random);
            ReadOnlyMemory<byte>[] pieces = Split(bytes, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            refused += IsRefused(pieces, seed, input) ? 1 : 0;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < AllocatedBytesMax, $"seed {seed}, input {input}: {allocated} bytes were allocated.");
        }

        // Otherwise the damage was too gentle to try anything.
        Assert.InRange(refused, InputsPerStream / 20, InputsPerStream);
    }

    private static bool IsRefused(ReadOnlyMemory<byte>[] pieces, int seed, int input)
    {
        try
        {
            using ReadStream stream = ReadStream.Of(pieces, Limits);
            stream.Dispose();
            Assert.True(stream.Pool.LentPayloads == 0, $"seed {seed}, input {input}: payloads were left out.");
            return false;
        }
        catch (IngestRejectedException refusal)
        {
            Assert.NotEmpty(refusal.Detail);
            Assert.InRange(refusal.OffsetBytes, 0, pieces.Sum(static piece => piece.Length));
            return true;
        }
    }

    /// <summary>Where the moov and the moofs are: damage there is worth more than damage in pictures.</summary>
    private static List<int> FindHeaderBytes(byte[] bytes)
    {
        List<int> found = [];
        BoxReader boxes = new(bytes);
        for (int start = 0; boxes.TryReadBox(out BoxHeader header, out _) == System.Buffers.OperationStatus.Done; start = boxes.Consumed)
        {
            int length = header.Type == BoxType.Mdat ? 8 : (int)header.BoxBytes;
            found.AddRange(Enumerable.Range(start, length));
        }

        return found;
    }

    private static byte[] Damage(byte[] original, List<int> headers, Random random)
    {
        List<byte> bytes = [.. original];
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int at = random.Next(8) == 0 ? random.Next(bytes.Count) : headers[random.Next(headers.Count)];
            at = Math.Min(at, bytes.Count - 5);
            int length = Math.Min(random.Next(1, 64), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    SetField(bytes, at, random);
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 1);
                    break;
            }

            if (bytes.Count < 16)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static void SetField(List<byte> bytes, int at, Random random)
    {
        uint[] values = [0, 1, 7, 8, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00010000, (uint)random.Next()];
        Span<byte> field = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(field, values[random.Next(values.Length)]);
        for (int index = 0; index < field.Length; index++)
        {
            bytes[at + index] = field[index];
        }
    }

    private static ReadOnlyMemory<byte>[] Split(byte[] bytes, Random random)
    {
        List<ReadOnlyMemory<byte>> pieces = [];
        for (int start = 0; start < bytes.Length;)
        {
            int length = Math.Min(random.Next(1, 9000), bytes.Length - start);
            pieces.Add(bytes.AsMemory(start, length));
            start += length;
        }

        return [.. pieces];
    }
}
