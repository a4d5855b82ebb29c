using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Core.Shelf;
using Rivet.Live.Tests.Hls;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Shelf;

/// <summary>How long bytes stay (RFC 8216bis 6.2.2), in seconds of media.</summary>
public sealed class MediaShelfTests : IDisposable
{
    private static readonly HlsPlan Plan = new(0.5, 2, 12);

    private readonly PayloadPool _pool = new();
    private readonly MediaPlaylistBoard _board = new("480p", Plan, static _ => []);
    private readonly BoardDriver _driver;

    public MediaShelfTests() => _driver = new BoardDriver(_board, _pool).Init(FragmentFactory.Video);

    public void Dispose() => _board.Dispose();

    [Fact]
    public async Task Part_CanBeFetchedForFiveTargetDurationsAfterItsTagLeft()
    {
        _driver.Segment().Parts(4);
        double sinceTagLeft = 0;
        while (await HasPartAsync(0))
        {
            bool isListed = _board.Current.Segments.Any(static segment => segment.Parts.Any(static part => part.Number == 0));
            sinceTagLeft += isListed ? 0 : 0.5;
            if (_board.Current.Segments[^1].PartCount == 4)
            {
                _driver.Segment();
            }

            _driver.Parts(1);
        }

        Assert.InRange(sinceTagLeft, 5 * Plan.TargetDurationSeconds, (5 * Plan.TargetDurationSeconds) + 0.5);
    }

    [Fact]
    public async Task Parts_ThatAreListed_CanBeFetchedWheneverTheMediaStops()
    {
        for (int made = 0; made < 60; made++)
        {
            _driver.Segment().Parts(1 + (made % 4));
            await CheckListedAsync();
        }

        _driver.End();
        await CheckListedAsync();
        Assert.True(await HasPartAsync(_board.Current.NextPartNumber - 1));
    }

    [Fact]
    public void Inits_StayAsLongAsASegmentThatNeedsThem()
    {
        for (int init = 1; init <= 20; init++)
        {
            _driver.Init(FragmentFactory.Video, init).Segment(isDiscontinuity: true, initNumber: init).Parts(4);
            foreach (SegmentView segment in _board.Current.Segments)
            {
                using MediaBytes? needed = _board.OpenInit(segment.Head.InitNumber);
                Assert.NotNull(needed);
            }
        }

        // A segment of 2 s is listed for 12 s, and kept for 2 s and a playlist of 14 s.
        int kept = Enumerable.Range(0, 21).Count(init => _board.OpenInit(init) is not null);
        Assert.InRange(kept, 14, 17);
    }

    private async Task CheckListedAsync()
    {
        foreach (Part part in _board.Current.Segments.SelectMany(static segment => segment.Parts))
        {
            Assert.True(await HasPartAsync(part.Number));
        }
    }

    private async Task<bool> HasPartAsync(long number)
    {
        using MediaBytes? part = number < _board.Current.NextPartNumber ? await _board.OpenPartAsync(number, TimeProvider.System, CancellationToken.None) : null;
        return part is not null;
    }
}
