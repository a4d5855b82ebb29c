using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Segment N begins at the same time, with a keyframe, in every rendition, and in the source where its keyframes allow it.</summary>
[Collection(LiveTests.Name)]
public sealed class AlignmentTests(AlignedBroadcasts broadcasts, ITestOutputHelper output) : IClassFixture<AlignedBroadcasts>, IDisposable
{
    public void Dispose() => output.WriteLine(broadcasts.Host.Log);

    [Theory]
    [InlineData("gop-1s")]
    [InlineData("gop-2s")]
    [InlineData("gop-2.5s")]
    [InlineData("gop-10s")]
    [InlineData("irregular")]
    public async Task Segments_OfEveryVideoPlaylist_BeginAtTheSameTime(string name)
    {
        (MediaPlaylist playlist, IReadOnlyList<IReadOnlyList<DecodedFrame>> segments) = await broadcasts.ReadAsync(name, "180p");
        Assert.InRange(segments.Count, 5, 11);
        foreach (string track in (string[])["90p", "source"])
        {
            (MediaPlaylist other, IReadOnlyList<IReadOnlyList<DecodedFrame>> otherSegments) = await broadcasts.ReadAsync(name, track);

            Assert.Equal(playlist.Segments.Select(Head), other.Segments.Select(Head));
            Assert.Equal(segments.Select(static segment => segment[0].Time), otherSegments.Select(static segment => segment[0].Time));
        }

        MediaPlaylist audio = await broadcasts.Host.Player.EndedAsync(broadcasts.MasterOf(name).PlaylistOf("audio"));
        foreach ((ListedSegment video, ListedSegment sound) in playlist.Segments.Zip(audio.Segments))
        {
            // The first block of audio that begins inside the video's segment: 1024 samples at most after its start.
            Assert.Equal(video.MediaSequence, sound.MediaSequence);
            Assert.InRange((sound.WallClock - video.WallClock).TotalMilliseconds, 0, 1 + (1024 / 48.0));
        }
    }

    [Theory]
    [InlineData("gop-1s", "source")]
    [InlineData("gop-1s", "180p")]
    [InlineData("gop-10s", "source")]
    [InlineData("gop-10s", "90p")]
    public async Task IFramePlaylist_HasThePictureThatEachSegmentBeginsWith(string name, string track)
    {
        (_, IReadOnlyList<IReadOnlyList<DecodedFrame>> segments) = await broadcasts.ReadAsync(name, track);

        (MediaPlaylist keyframes, string path) = await broadcasts.ReadKeyframesAsync(name, track);

        Assert.Contains("#EXT-X-I-FRAMES-ONLY", keyframes.Text, StringComparison.Ordinal);
        Assert.Equal(segments.Select(static segment => segment[0].IsKey), keyframes.Segments.Select(static segment => !segment.IsGap));
        Assert.Equal(
            segments.Where(static segment => segment[0].IsKey).Select(static segment => (segment[0].Time, true)),
            (await MediaFile.FramesAsync(path)).Select(static frame => (frame.Time, frame.IsKey)));
        ToolRun decoded = await ToolRun.RequireAsync("ffmpeg", "-v", "warning", "-err_detect", "explode", "-xerror", "-i", path, "-f", "null", "-");
        Assert.Equal("", decoded.Errors);
    }

    [Theory]
    [InlineData("gop-1s", true)]
    [InlineData("gop-2s", true)]
    [InlineData("gop-2.5s", false)]
    [InlineData("gop-10s", false)]
    [InlineData("irregular", true)]
    public async Task Keyframes_OfEveryRendition_AreTheSourcesAndTheGrids(string name, bool sourceFollows)
    {
        (_, IReadOnlyList<IReadOnlyList<DecodedFrame>> source) = await broadcasts.ReadAsync(name, "source");
        HashSet<long> starts = [.. source.Select(static segment => segment[0].Time)];
        HashSet<long> sourceKeys = [.. Keys(source)];
        foreach (string track in (string[])["180p", "90p"])
        {
            (_, IReadOnlyList<IReadOnlyList<DecodedFrame>> segments) = await broadcasts.ReadAsync(name, track);

            Assert.All(segments, static segment => Assert.True(segment[0].IsKey, $"The segment at {segment[0].Time} begins with no keyframe."));
            Assert.Equal(sourceKeys.Union(starts).Order(), Keys(segments));
        }

        Assert.Equal(sourceFollows, starts.IsSubsetOf(sourceKeys));
        Assert.Equal(sourceFollows, broadcasts.MasterOf(name).Names.Contains("source"));
    }

    private static (long MediaSequence, DateTimeOffset WallClock) Head(ListedSegment segment) => (segment.MediaSequence, segment.WallClock);

    private static IEnumerable<long> Keys(IReadOnlyList<IReadOnlyList<DecodedFrame>> segments) =>
        segments.SelectMany(static segment => segment).Where(static frame => frame.IsKey).Select(static frame => frame.Time);
}
