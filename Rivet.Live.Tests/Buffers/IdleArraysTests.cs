using Rivet.Live.Core.Buffers;
using Xunit;

namespace Rivet.Live.Tests.Buffers;

/// <summary>Memory between two holders.</summary>
public sealed class IdleArraysTests
{
    private const int Megabyte = 1 << 20;

    private readonly IdleArrays _idle = new();

    [Theory]
    [InlineData(0, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 320)]
    [InlineData(320, 320)]
    [InlineData(321, 384)]
    [InlineData(512, 512)]
    [InlineData(100_000, 114_688)]
    [InlineData(64 * Megabyte, 64 * Megabyte)]
    [InlineData((64 * Megabyte) + 1, (64 * Megabyte) + 1)]
    public void Array_HasTheNextSize(int bytes, int length) => Assert.Equal(length, _idle.Take(bytes).Length);

    [Fact]
    public void Array_HasRoomForWhatIsWanted_AndLittleMore()
    {
        for (int bytes = 256; bytes < 100_000; bytes += 7)
        {
            Assert.InRange(_idle.Take(bytes).Length, bytes, 1.25 * bytes);
        }
    }

    [Fact]
    public void Array_ThatCameBack_GoesToWhoeverWantsItsSizeNext()
    {
        byte[] array = _idle.Take(100_000);
        _idle.Give(array, Megabyte);

        Assert.NotSame(array, _idle.Take(90_000));
        Assert.Same(array, _idle.Take(110_000));
        Assert.NotSame(array, _idle.Take(110_000));
        Assert.Equal(0, _idle.Bytes);
    }

    [Fact]
    public void MoreThanIsAllowed_IsLeftToTheCollector_TheLargestFirst()
    {
        byte[] small = _idle.Take(1000);
        byte[] large = _idle.Take(Megabyte);
        _idle.Give(small, Megabyte);
        _idle.Give(large, Megabyte);

        Assert.Equal(small.Length, _idle.Bytes);
        Assert.Same(small, _idle.Take(1000));
        _idle.Give(_idle.Take(65 * Megabyte), long.MaxValue);
        Assert.Equal(0, _idle.Bytes);
    }

    /// <summary>What a great many broadcasts needed does not stay for ever.</summary>
    [Fact]
    public void Pool_KeepsAQuarterOfWhatIsOut_AndSome()
    {
        PayloadPool pool = new();
        PayloadHold[] holds = [.. Enumerable.Range(0, 100).Select(_ => pool.Rent(Megabyte))];
        Array.ForEach(holds[..10], static hold => hold.Dispose());
        Assert.Equal(10 * Megabyte, pool.IdleBytes);

        Array.ForEach(holds[10..60], static hold => hold.Dispose());
        Assert.Equal(11 * Megabyte, pool.IdleBytes);
        Array.ForEach(holds[60..], static hold => hold.Dispose());
        Assert.Equal(Megabyte, pool.IdleBytes);
    }
}
