using Rivet.Live.Bench.Viewers;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class PlaylistPlaceTests
{
    private const string Head = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-PART:DURATION=0.5,URI=\"p0.m4s\"\n#EXTINF:2.0,\ns7.m4s\n";

    [Theory]
    [InlineData(Head, 8, 0, false)]
    [InlineData(Head + "#EXT-X-PART:DURATION=0.5,URI=\"p1.m4s\"\n#EXT-X-PART:DURATION=0.5,URI=\"p2.m4s\"\n", 8, 2, false)]
    [InlineData(Head + "#EXT-X-ENDLIST\n", 8, 0, true)]
    public void Place_IsTheNextPart(string text, long mediaSequence, int part, bool isEnded) =>
        Assert.Equal(new PlaylistPlace(mediaSequence, part, isEnded), PlaylistPlace.Read(text));

    [Theory]
    [InlineData(8, 2, false, true)]
    [InlineData(9, 0, false, true)]
    [InlineData(8, 1, false, false)]
    [InlineData(8, 1, true, true)]
    public void Place_ThatAnswersAWait_IsBehindTheOneWaitedFor(long mediaSequence, int part, bool isEnded, bool expected) =>
        Assert.Equal(expected, new PlaylistPlace(mediaSequence, part, isEnded).IsBehind(new PlaylistPlace(8, 1, IsEnded: false)));
}
