using System.Buffers.Binary;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Isolation;
using Xunit;

namespace Rivet.Live.Tests.Isolation;

/// <summary>What crosses the pipe: every message comes out as it went in, and whatever else comes is refused.</summary>
public sealed class MessageTests
{
    private readonly PayloadPool _pool = new();

    [Fact]
    public void EveryMessage_ComesOutAsItWentIn()
    {
        MessageWriter writer = new();
        using MemoryStream pipe = new();
        List<string> expected = [];
        foreach (Message message in TestMessages.All(_pool))
        {
            expected.Add(TestMessages.Text(message));
            pipe.Write(writer.Frame(message).Span);
            Dispose(message);
        }

        pipe.Position = 0;
        Assert.Equal(expected, Read(pipe));
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public void EveryKind_IsTried() => Assert.Equal(
        typeof(Message).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Message)) && !type.IsAbstract).Select(static type => type.Name).Order(),
        TestMessages.All(_pool).Select(static message => message.GetType().Name).Distinct().Order());

    [Fact]
    public void Init_IsSentOnceAndAgainWhenItChanged()
    {
        MessageWriter writer = new();
        Message[] media = [.. TestMessages.All(_pool).OfType<RenditionSent>()];
        int first = writer.Frame(media[0]).Length;
        int second = writer.Frame(media[0]).Length;

        Assert.True(second < first);
        Array.ForEach(media, Dispose);
    }

    [Fact]
    public void FragmentBeforeItsInit_IsRefused()
    {
        MessageWriter writer = new();
        Message media = TestMessages.All(_pool).OfType<RenditionSent>().First();
        _ = writer.Frame(media);
        using MemoryStream pipe = new(writer.Frame(media).ToArray());

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => Read(pipe));

        Assert.Equal("Saw media of 480p before its init.", refused.Message);
        Dispose(media);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "Saw a frame of 0 bytes")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "Saw a frame of 4294967295 bytes")]
    [InlineData(new byte[] { 0, 0, 0 }, "Saw the end of the pipe within a frame's length.")]
    [InlineData(new byte[] { 0, 0, 0, 2, 0x91 }, "Saw the end of the pipe after 1 of a frame's 2 bytes.")]
    [InlineData(new byte[] { 0, 0, 0, 2, 0x91, 0x63 }, "Saw 99, which is no MessageKind.")]
    [InlineData(new byte[] { 0, 0, 0, 3, 0x92, 0x04, 0x01 }, "Saw SourceEnded with 1 values.")]
    [InlineData(new byte[] { 0, 0, 0, 3, 0x91, 0x04, 0x01 }, "Saw more behind SourceEnded at byte 2.")]
    public void Rubbish_IsRefusedWithWhatWasSeen(byte[] bytes, string message)
    {
        using MemoryStream pipe = new(bytes);

        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Read(pipe)).Message, StringComparison.Ordinal);
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public void DamagedMessages_AreReadOrRefusedAndLeaveNothingLent()
    {
        Random random = new(20261130);
        byte[][] whole = [.. TestMessages.All(_pool).Select(Framed)];
        int refusals = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = Damaged(whole[round % whole.Length], random);
            using MemoryStream pipe = new(damaged);
            try
            {
                Read(pipe);
            }
            catch (InvalidDataException)
            {
                refusals++;
            }
        }

        Assert.True(refusals > 5_000, $"{refusals} of 20000 refused");
        Assert.Equal(0, _pool.LentPayloads);
    }

    private static byte[] Framed(Message message)
    {
        byte[] frame = new MessageWriter().Frame(message).ToArray();
        Dispose(message);
        return frame;
    }

    private static byte[] Damaged(byte[] frame, Random random)
    {
        byte[] damaged = random.Next(4) == 0 ? frame[..random.Next(sizeof(int) + 1, frame.Length + 1)] : [.. frame];
        for (int flips = random.Next(4); flips >= 0; flips--)
        {
            damaged[random.Next(sizeof(int), damaged.Length)] ^= (byte)(1 << random.Next(8));
        }

        BinaryPrimitives.WriteUInt32BigEndian(damaged, (uint)(damaged.Length - sizeof(int)));
        return damaged;
    }

    private static void Dispose(Message message) =>
        (message switch { SourceSent sent => sent.Fragment, RenditionSent sent => sent.Fragment, _ => null })?.Dispose();

    private List<string> Read(Stream pipe)
    {
        FrameReader frames = new(pipe, _pool);
        MessageReader reader = new();
        List<string> read = [];
        while (frames.Next() is { } frame)
        {
            using (frame)
            {
                Message message = reader.Read(frame);
                read.Add(TestMessages.Text(message));
                Dispose(message);
            }
        }

        return read;
    }
}
