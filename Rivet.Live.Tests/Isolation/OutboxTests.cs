using System.IO.Pipes;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Native;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Isolation;

/// <summary>What the server tells a child: it comes in order, and whoever tells it never waits.</summary>
public sealed class OutboxTests
{
    /// <summary>More than a pipe holds, and fewer messages than may wait.</summary>
    private const int Rounds = 60;

    private readonly PayloadPool _pool = new();

    [Fact]
    public async Task ChildThatReadsLate_GetsAllInOrder()
    {
        await using AnonymousPipeServerStream server = new(PipeDirection.Out);
        await using AnonymousPipeClientStream child = new(PipeDirection.In, server.ClientSafePipeHandle);
        using Outbox outbox = new(new WritingEnd(server), "to a test", static () => Assert.Fail("The pipe is whole."));
        List<string> expected = [];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Message message in TestMessages.All(_pool))
            {
                expected.Add(TestMessages.Text(message));
                Assert.True(outbox.TrySend(message));
            }
        }

        // Nothing was read so far.
        outbox.Dispose();
        FrameReader frames = new(child, _pool);
        MessageReader messages = new();
        List<string> seen = [];
        while (frames.Next() is { } frame)
        {
            using (frame)
            {
                Message message = messages.Read(frame);
                seen.Add(TestMessages.Text(message));
                MessageWriter.FragmentIn(message)?.Dispose();
            }
        }

        Assert.Equal(expected, seen);
        Assert.Equal(0, _pool.LentPayloads);
        Assert.False(outbox.TrySend(new SourceEnded()));
    }

    [Fact]
    public async Task ChildThatIsGone_IsToldOnce_AndNothingIsKept()
    {
        await using AnonymousPipeServerStream server = new(PipeDirection.Out);
        AnonymousPipeClientStream child = new(PipeDirection.In, server.ClientSafePipeHandle);
        int failures = 0;
        using Outbox outbox = new(new WritingEnd(server), "to a test", () => Interlocked.Increment(ref failures));
        for (int round = 0; round < Rounds; round++)
        {
            TestMessages.All(_pool).ToList().ForEach(message => outbox.TrySend(message));
        }

        await child.DisposeAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref failures) == 1 && _pool.LentPayloads == 0, "what waited is given back");
        Assert.False(outbox.TrySend(new SourceEnded()));
        Assert.Equal(1, failures);
    }
}
