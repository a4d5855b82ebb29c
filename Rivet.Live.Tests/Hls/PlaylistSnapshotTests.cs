using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hls;

/// <summary>Which reloads are answered by which state (RFC 8216bis 6.2.5.2).</summary>
public sealed class PlaylistSnapshotTests
{
    private static readonly HlsPlan Plan = new(0.5, 2, 6);

    // Segments 0 and 1 are complete with four parts each, segment 2 has two so far.
    [Theory]
    [InlineData(0, null, true)]
    [InlineData(1, null, true)]
    [InlineData(2, null, false)]
    [InlineData(3, null, false)]
    [InlineData(0, 0, true)]
    [InlineData(1, 3, true)]
    [InlineData(1, 4, true)]
    [InlineData(1, 99, true)]
    [InlineData(2, 0, true)]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, false)]
    [InlineData(3, 0, false)]
    public void State_InTheMiddleOfASegment_Has(int mediaSequence, int? part, bool expected) =>
        Assert.Equal(expected, StateOf(static board => board.Segments(2).Segment().Parts(2)).Has(mediaSequence, part));

    // Segment 1 is complete and segment 2 has begun without a part: past the end of 1 is the first part of 2.
    [Theory]
    [InlineData(1, null, true)]
    [InlineData(1, 3, true)]
    [InlineData(1, 4, false)]
    [InlineData(1, 99, false)]
    [InlineData(0, 99, true)]
    [InlineData(2, 0, false)]
    public void State_WhereASegmentJustBegan_Has(int mediaSequence, int? part, bool expected) =>
        Assert.Equal(expected, StateOf(static board => board.Segments(2).Segment()).Has(mediaSequence, part));

    [Theory]
    [InlineData(0, null)]
    [InlineData(0, 0)]
    [InlineData(0, 50)]
    [InlineData(3, 7)]
    public void State_ThatNoLongerListsASegment_HasItAtOnce(int mediaSequence, int? part)
    {
        PlaylistSnapshot state = StateOf(static board => board.Segments(10).Segment().Parts(1));

        Assert.True(state.Segments[0].Head.MediaSequence > mediaSequence);
        Assert.True(state.Has(mediaSequence, part));
    }

    [Theory]
    [InlineData(1, null, true)]
    [InlineData(1, 0, true)]
    [InlineData(1, 3, true)]
    [InlineData(2, 0, false)]
    public void State_WithAGap_HasIt(int mediaSequence, int? part, bool expected) =>
        Assert.Equal(expected, StateOf(static board => board.Segments(1).Lost()).Has(mediaSequence, part));

    [Theory]
    [InlineData(0, null)]
    [InlineData(0, 0)]
    public void State_BeforeTheFirstPart_HasNothing(int mediaSequence, int? part)
    {
        Assert.False(StateOf(static board => board).Has(mediaSequence, part));
        Assert.Null(StateOf(static board => board).Last);
    }

    [Fact]
    public void Last_IsTheNewestPart()
    {
        Assert.Equal(new PlaylistPosition(2, 1), StateOf(static board => board.Segments(2).Segment().Parts(2)).Last);
        Assert.Equal(new PlaylistPosition(1, 3), StateOf(static board => board.Segments(2).Segment()).Last);
    }

    private static PlaylistSnapshot StateOf(Func<BoardDriver, BoardDriver> play)
    {
        using MediaPlaylistBoard board = new("480p", Plan, static _ => []);
        return play(new BoardDriver(board, new PayloadPool()).Init(FragmentFactory.Video)).Board.Current;
    }
}
