using System.Buffers;
using Rivet.Live.Core.MessagePack;
using Xunit;

namespace Rivet.Live.Tests.MessagePack;

/// <summary>What isolation sends for every fragment costs no garbage.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 10_000;

    private static readonly DateTime Moment = DateTime.UnixEpoch.AddTicks(1);

    private static readonly byte[] Payload = new byte[100];

    [Fact]
    public void Primitives_WrittenAndRead_AllocateNothing()
    {
        ArrayBufferWriter<byte> output = new(1024 * 1024);
        Write(output);
        Read(output.WrittenSpan);
        int bytesEach = output.WrittenCount;
        output.ResetWrittenCount();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            output.ResetWrittenCount();
            Write(output);
            Read(output.WrittenSpan);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(bytesEach, output.WrittenCount);
    }

    private static void Write(IBufferWriter<byte> output)
    {
        MessagePackWriter writer = new(output);
        writer.WriteArrayHeader(13);
        writer.WriteNil();
        writer.Write(true);
        writer.Write(-5);
        writer.Write(long.MinValue);
        writer.Write(ulong.MaxValue);
        writer.Write(1.5f);
        writer.Write(2.5);
        writer.Write("480p, größer");
        writer.WriteString("live/demo"u8);
        writer.Write(Payload);
        writer.Write(Moment);
        writer.WriteExtensionFormat(new ExtensionResult(5, Payload));
        writer.WriteMapHeader(1);
        writer.Write("key");
        writer.Write(1);
    }

    private static void Read(ReadOnlySpan<byte> bytes)
    {
        MessagePackReader reader = new(bytes);
        bool isRight = reader.ReadArrayHeader() == 13
            && reader.TryReadNil()
            && reader.ReadBoolean()
            && reader.ReadInt32() == -5
            && reader.ReadInt64() == long.MinValue
            && reader.ReadUInt64() == ulong.MaxValue
            && reader.ReadSingle() == 1.5f
            && reader.ReadDouble() == 2.5
            && reader.TryReadStringSpan(out ReadOnlySpan<byte> text) && text.SequenceEqual("480p, größer"u8)
            && reader.TryReadStringSpan(out text) && text.SequenceEqual("live/demo"u8)
            && reader.ReadBytes().SequenceEqual(Payload)
            && reader.ReadDateTime() == Moment
            && reader.ReadExtensionFormat().Data.SequenceEqual(Payload)
            && reader.ReadMapHeader() == 1;
        reader.Skip();
        reader.Skip();
        Assert.True(isRight && reader.End);
    }
}
