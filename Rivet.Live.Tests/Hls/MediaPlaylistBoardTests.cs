using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Core.Shelf;
using Rivet.Live.Tests.Shelf;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hls;

/// <summary>What is held, what is answered, and whose bytes stay for how long.</summary>
public sealed class MediaPlaylistBoardTests : IDisposable
{
    private static readonly HlsPlan Plan = new(0.5, 2, 6);

    private readonly PayloadPool _pool = new();
    private readonly ManualTime _time = new();
    private readonly MediaPlaylistBoard _board = new("480p", Plan, static _ => []);
    private readonly BoardDriver _driver;

    public MediaPlaylistBoardTests() => _driver = new BoardDriver(_board, _pool).Init(FragmentFactory.Video);

    public void Dispose() => _board.Dispose();

    [Fact]
    public async Task Reload_ForAPart_IsReleasedByExactlyThatPart()
    {
        _driver.Segments(1).Segment().Parts(1);
        Task<PlaylistSnapshot> reload = _board.WaitForAsync(1, 2, _time, CancellationToken.None);
        _driver.Parts(1);
        await Eventually.TrueAsync(() => _time.Waiting == 1, "the reload waits for the part after that one");
        Assert.False(reload.IsCompleted);

        _driver.Parts(1);

        Assert.Equal(new PlaylistPosition(1, 2), (await reload.WaitAsync(Eventually.Patience)).Last);
    }

    [Fact]
    public async Task Reload_ForASegment_IsReleasedWhenTheSegmentIsComplete()
    {
        _driver.Segments(1);
        Task<PlaylistSnapshot> reload = _board.WaitForAsync(0, null, _time, CancellationToken.None);
        Assert.False(reload.IsCompleted);

        _driver.Segment();

        Assert.True((await reload.WaitAsync(Eventually.Patience)).Segments[0].IsComplete);
    }

    [Fact]
    public async Task Reload_PastTheEndOfASegment_IsReleasedByTheFirstPartOfTheNext()
    {
        _driver.Segments(1);
        Task<PlaylistSnapshot> reload = _board.WaitForAsync(0, 4, _time, CancellationToken.None);
        _driver.Segment();
        await Eventually.TrueAsync(() => _time.Waiting == 1, "the reload waits for a part");
        Assert.False(reload.IsCompleted);

        _driver.Parts(1);

        Assert.Equal(new PlaylistPosition(1, 0), (await reload.WaitAsync(Eventually.Patience)).Last);
    }

    [Fact]
    public async Task Reload_WhenTheTrackEnds_IsAnsweredWithTheEnd()
    {
        _driver.Segments(1).Segment().Parts(1);
        Task<PlaylistSnapshot> reload = _board.WaitForAsync(1, 3, _time, CancellationToken.None);

        _driver.End();

        Assert.True((await reload.WaitAsync(Eventually.Patience)).IsEnded);
        Assert.True((await _board.WaitForAsync(77, null, _time, CancellationToken.None)).IsEnded);
    }

    [Fact]
    public async Task Reload_ThatNothingAnswers_TimesOutAfterThreeTargetDurations()
    {
        _driver.Segments(1);
        Task<PlaylistSnapshot> reload = _board.WaitForAsync(1, 0, _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(5));
        _driver.Segment();
        await Eventually.TrueAsync(() => _time.Waiting == 1, "the reload waits again");
        Assert.False(reload.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => reload.WaitAsync(Eventually.Patience));
    }

    [Fact]
    public async Task Reload_WhoseViewerLeaves_IsCancelled()
    {
        using CancellationTokenSource leaving = new();
        Task<PlaylistSnapshot> reload = _board.WaitForAsync(0, 0, _time, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reload);
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task HintedPart_IsHeldAndHasTheBytesOfTheListedOne()
    {
        _driver.Segments(1).Segment().Parts(1);
        Task<MediaBytes?> hinted = _board.OpenPartAsync(_board.Current.NextPartNumber, _time, CancellationToken.None);
        Assert.False(hinted.IsCompleted);

        _driver.Parts(1);

        MediaBytes? early = await hinted.WaitAsync(Eventually.Patience);
        MediaBytes? listed = await _board.OpenPartAsync(5, _time, CancellationToken.None);
        Assert.Equal(BoardDriver.BytesOf(5), await early!.ReadAsync());
        Assert.Equal(BoardDriver.BytesOf(5), await listed!.ReadAsync());
    }

    [Fact]
    public async Task HintedPart_ThatBecomesTheFirstOfTheNextSegment_KeepsItsName()
    {
        _driver.Segments(1);
        Task<MediaBytes?> hinted = _board.OpenPartAsync(4, _time, CancellationToken.None);

        _driver.Segment().Parts(1);

        MediaBytes? part = await hinted.WaitAsync(Eventually.Patience);
        Assert.Equal(BoardDriver.BytesOf(4), await part!.ReadAsync());
    }

    [Fact]
    public async Task HintedPart_ThatIsWithdrawn_IsNotFound()
    {
        _driver.Segments(1);
        Task<MediaBytes?> hinted = _board.OpenPartAsync(4, _time, CancellationToken.None);

        _driver.End();

        Assert.Null(await hinted.WaitAsync(Eventually.Patience));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task Part_ThatIsNeitherListedNorHinted_IsNotFoundAtOnce(long number)
    {
        _driver.Segments(1);

        Assert.Null(await _board.OpenPartAsync(number, _time, CancellationToken.None));
    }

    [Fact]
    public async Task Segment_HasTheBytesOfItsPartsAndNoneWhileItGrows()
    {
        _driver.Segments(2).Segment().Parts(1);

        byte[] whole = [.. Enumerable.Range(4, 4).SelectMany(static number => BoardDriver.BytesOf(number))];
        using MediaBytes segment = (await OpenSegmentAsync(1))!;

        Assert.Equal(whole, await segment.ReadAsync(0, segment.Length));
        for (int from = 0; from < whole.Length; from += 37)
        {
            int count = Math.Min(whole.Length - from, from);
            Assert.Equal(whole[from..(from + count)], await segment.ReadAsync(from, count));
        }

        Assert.Null(await OpenSegmentAsync(2));
        Assert.Null(await OpenSegmentAsync(-1));
    }

    /// <summary>RFC 8216bis 6.2.2: from its removal on, for its own duration and that of the longest playlist that listed it.</summary>
    [Fact]
    public async Task DelistedSegment_StaysForItsLengthAndThePlaylistsThenGoes()
    {
        _driver.Segments(4);
        double longest = _board.Current.Segments.Sum(static segment => segment.DurationSeconds);
        double sinceRemoval = 0;
        for (int made = 0; made < 30; made++)
        {
            _driver.Segment().Parts(4);
            if (_board.Current.Segments[0].Head.MediaSequence == 0)
            {
                longest = Math.Max(longest, _board.Current.Segments.Sum(static segment => segment.DurationSeconds));
                continue;
            }

            // It went when a segment began, which has its two seconds by now.
            sinceRemoval += 2;
            using MediaBytes? first = await OpenSegmentAsync(0);
            Assert.True(first is not null || sinceRemoval >= longest + 2, $"gone {sinceRemoval} s after its removal; it was in a playlist of {longest} s");
        }

        Assert.Null(await OpenSegmentAsync(0));
        Assert.True(_pool.LentPayloads < 4 * 14, $"{_pool.LentPayloads} parts are held");
    }

    [Fact]
    public async Task Padding_AloneIsNotPlayable()
    {
        _driver.Lost().Lost().Lost();
        Task<PlaylistSnapshot> first = _board.WhenPlayableAsync(_time, CancellationToken.None);
        _driver.Segment();
        Assert.False(first.IsCompleted);

        _driver.Parts(1);

        Assert.Equal(new PlaylistPosition(3, 0), (await first.WaitAsync(Eventually.Patience)).Last);
    }

    /// <summary>RFC 8216bis 6.2.2: from the first state that has media to the last that is live.</summary>
    [Fact]
    public void LivePlaylist_IsNeverShorterThanThreeTargetDurations()
    {
        _driver.Lost().Lost().Lost();
        for (int made = 0; made < 20; made++)
        {
            _driver.Segment();
            for (int part = 0; part < 4; part++)
            {
                _driver.Parts(1);
                Assert.True(_board.Current.Segments.Where(static segment => segment.IsComplete).Sum(static segment => segment.DurationSeconds) >= 6);
            }
        }

        Assert.InRange(_board.Current.Segments[0].Head.MediaSequence, 18, 20);
    }

    [Fact]
    public async Task PaddedPlaylist_ThatEnds_BeginsWithMediaAndKeepsThePaddingForThoseWhoReadIt()
    {
        _driver.Lost().Lost().Lost().Segments(2).End();

        Assert.Equal([3, 4], _board.Current.Segments.Select(static segment => segment.Head.MediaSequence));
        using MediaBytes? padding = await OpenSegmentAsync(2);
        Assert.Equal(GapSegment.Write(0).Length, padding!.Length);
    }

    [Fact]
    public void DiscontinuitySequence_CountsWhatWasDelistedAndNeverFalls()
    {
        int before = 0;
        for (int made = 0; made < 40; made++)
        {
            _driver.Segment(isDiscontinuity: made % 5 == 4).Parts(4);
            PlaylistSnapshot state = _board.Current;
            long firstListed = state.Segments[0].Head.MediaSequence;

            Assert.Equal(firstListed / 5, state.DiscontinuitiesBefore);
            Assert.True(state.DiscontinuitiesBefore >= before);
            before = state.DiscontinuitiesBefore;
        }

        Assert.True(before > 5);
    }

    [Fact]
    public void Segment_ThatNothingCameOf_IsNotListedAtTheEnd()
    {
        _driver.Segments(1).Segment().End();

        Assert.Equal(0, Assert.Single(_board.Current.Segments).Head.MediaSequence);
    }

    [Fact]
    public async Task DisposedBoard_GivesEverythingBackButWhatARequestStillHolds()
    {
        _driver.Segments(8).Segment().Parts(2);
        MediaBytes? sending = await _board.OpenPartAsync(33, _time, CancellationToken.None);
        Task<MediaBytes?> waiting = _board.OpenPartAsync(34, _time, CancellationToken.None);

        _board.Dispose();

        Assert.Equal(1, _pool.LentPayloads);
        Assert.Equal(BoardDriver.BytesOf(33), await sending!.ReadAsync());
        Assert.Null(await waiting.WaitAsync(Eventually.Patience));
        _driver.Parts(1);
        Assert.Equal((0L, 0L), (_pool.LentPayloads, _pool.LentBytes));
    }

    [Fact]
    public async Task Init_IsFoundByItsNumberOnly()
    {
        Assert.Equal([0, 1, 2, 3], await _board.OpenInit(0)!.ReadAsync());
        Assert.Null(_board.OpenInit(1));
        Assert.Null(_board.OpenInit(long.MaxValue));
    }

    [Fact]
    public async Task Readers_WhileParts_ArePublished_SeeWholeStatesWhosePartsCanBeOpened()
    {
        using CancellationTokenSource done = new();
        CancellationToken untilDone = done.Token;
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!untilDone.IsCancellationRequested)
            {
                await CheckAsync(_board.Current);
                await Task.Yield();
            }
        }))];
        Task follower = Task.Run(FollowAsync);
        for (int made = 0; made < 400; made++)
        {
            _driver.Segment().Parts(4);
            await Task.Yield();
        }

        _driver.End();
        await follower.WaitAsync(Eventually.Patience);
        await done.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(Eventually.Patience);
        _board.Dispose();
        Assert.Equal(0, _pool.LentPayloads);
    }

    private Task<MediaBytes?> OpenSegmentAsync(long mediaSequence) => _board.OpenSegmentAsync(mediaSequence, CancellationToken.None).AsTask();

    /// <summary>A player that asks for one place after the other is answered each time, and never with less.</summary>
    private async Task FollowAsync()
    {
        PlaylistPosition wanted = new(0, 0);
        PlaylistSnapshot state;
        do
        {
            state = await _board.WaitForAsync(wanted.MediaSequence, wanted.Part, TimeProvider.System, CancellationToken.None);
            PlaylistPosition last = state.Last!.Value;
            Assert.True(state.IsEnded || last.MediaSequence > wanted.MediaSequence || last.Part >= wanted.Part);
            wanted = last with { Part = last.Part + 1 };
        }
        while (!state.IsEnded);
    }

    private async Task CheckAsync(PlaylistSnapshot state)
    {
        Part[] parts = [.. state.Segments.SelectMany(static segment => segment.Parts)];
        for (int index = 1; index < state.Segments.Length; index++)
        {
            Assert.Equal(state.Segments[index - 1].Head.MediaSequence + 1, state.Segments[index].Head.MediaSequence);
            Assert.True(state.Segments[index - 1].IsComplete);
        }

        for (int index = 0; index < parts.Length; index++)
        {
            Assert.Equal(state.NextPartNumber - parts.Length + index, parts[index].Number);
            using MediaBytes? opened = await _board.OpenPartAsync(parts[index].Number, _time, CancellationToken.None);

            // A reader that slept for longer than the media stays may find it gone.
            Assert.True(opened is not null || _board.Current.Segments[0].Head.MediaSequence > parts[index].MediaSequence + 2);
            Assert.True(opened is null || (await opened.ReadAsync(0, opened.Length)).AsSpan().SequenceEqual(BoardDriver.BytesOf(parts[index].Number)));
        }
    }
}
