using Rivet.Live.Core.Buffers;
using Xunit;

namespace Rivet.Live.Tests.Buffers;

/// <summary>Shared bytes and who holds them.</summary>
public sealed class PayloadPoolTests
{
    private readonly PayloadPool _pool = new();

    [Fact]
    public void Payload_IsReturnedByItsLastHolderOnly()
    {
        PayloadHold first = _pool.Copy([1, 2, 3]);
        PayloadHold second = first.Share();
        first.Dispose();

        Assert.Equal((1L, 3L), (_pool.LentPayloads, _pool.LentBytes));
        Assert.Equal(new byte[] { 1, 2, 3 }, second.Memory.ToArray());
        second.Dispose();
        Assert.Equal((0L, 0L), (_pool.LentPayloads, _pool.LentBytes));
    }

    [Fact]
    public void Hold_DisposedTwice_GivesUpOneHold()
    {
        PayloadHold first = _pool.Copy([1]);
        using PayloadHold second = first.Share();
        first.Dispose();
        first.Dispose();

        Assert.Equal(1, _pool.LentPayloads);
        Assert.Equal(1, second.Memory.Span[0]);
    }

    [Fact]
    public void Hold_AfterItsDisposal_ShowsAndSharesNothing()
    {
        PayloadHold hold = _pool.Copy([1]);
        hold.Dispose();

        Assert.Throws<ObjectDisposedException>(() => hold.Memory);
        Assert.Throws<ObjectDisposedException>(hold.Share);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Payload_HasExactlyTheSizeAskedFor(int bytes)
    {
        using PayloadHold hold = _pool.Rent(bytes);

        Assert.Equal(bytes, hold.Memory.Length);
        Assert.Equal(bytes, _pool.LentBytes);
    }

    [Fact]
    public void Payload_OfNegativeSize_IsRefusedAndCountsNothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(-1));
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public void Holders_OnManyThreads_ReturnThePayloadOnce()
    {
        for (int round = 0; round < 200; round++)
        {
            PayloadHold origin = _pool.Copy([7]);
            PayloadHold[] holds = [.. Enumerable.Range(0, 8).Select(_ => origin.Share())];
            origin.Dispose();
            Parallel.ForEach(holds, static hold =>
            {
                Assert.Equal(7, hold.Memory.Span[0]);
                hold.Share().Dispose();
                hold.Dispose();
            });
        }

        Assert.Equal((0L, 0L), (_pool.LentPayloads, _pool.LentBytes));
    }
}
