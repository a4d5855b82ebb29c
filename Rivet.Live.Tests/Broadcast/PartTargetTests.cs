using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Broadcast;

/// <summary>When the part target is decided, and from what.</summary>
public sealed class PartTargetTests
{
    private readonly FragmentFactory _fragments = new();

    [Theory]
    [InlineData(90000, 3000, 0.2)]      // 30 a second: six pictures
    [InlineData(30000, 1001, 0.2002)]   // 29.97: six pictures
    [InlineData(24000, 1001, 0.20855)]  // 23.976: five pictures, rounded up
    [InlineData(90000, 3600, 0.2)]      // 25: five pictures
    [InlineData(90000, 7500, 0.16667)]  // 12: two pictures are nearer than three
    [InlineData(90000, 45000, 0.5)]     // 2: one picture
    public void VideoAlone_MovesTheTargetToWholePictures(int timescale, int ticks, double expected)
    {
        PartTarget target = Wanting(0.2);
        TrackDescription video = FragmentFactory.Video with { Timescale = timescale };
        target.Expect("video", video);

        Send(target, "video", video, ticks, seconds: 2, drivesGrid: true);

        Assert.Equal(expected, target.Seconds, 9);
        Assert.True(target.WhenDecided.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(0.5, 90000, 3000, 48000, 0.5, 0.512)]    // 30 pictures a second, parts of 15; 23 or 24 frames of AAC
    [InlineData(0.5, 30000, 1001, 48000, 0.5005, 0.512)]
    [InlineData(0.5, 90000, 3600, 48000, 0.5, 0.52)]     // 25: 12 or 13 pictures
    [InlineData(0.5, 90000, 3000, 44100, 0.5, 0.51084)]   // 21 or 22 frames
    [InlineData(0.2, 90000, 3000, 48000, 0.2, 0.21334)]  // 9 or 10
    [InlineData(1.0, 90000, 3000, 48000, 1.0, 1.00267)]
    public async Task PartsOfVideoAndAudio_AreCutAtTheSameTimes(double wanted, int timescale, int ticks, int sampleRate, double every, double longest)
    {
        PartTarget target = Wanting(wanted);
        TrackDescription video = FragmentFactory.Video with { Timescale = timescale };
        target.Expect("video", video);
        target.Expect("audio", FragmentFactory.AudioAt(sampleRate));

        Send(target, "audio", FragmentFactory.AudioAt(sampleRate), 1024, seconds: 0.1, drivesGrid: false);
        Send(target, "video", video, ticks, seconds: 2, drivesGrid: true);

        PartLength length = await target.WhenDecided;
        Assert.Equal(every, length.EverySeconds, 5);
        Assert.Equal(longest, length.TargetSeconds, 9);
    }

    [Fact]
    public void FirstSample_StretchedByItsMuxer_IsNotBelieved()
    {
        PartTarget target = Wanting(0.2);
        target.Expect("video", FragmentFactory.Video);

        target.Observe("video", Of(FragmentFactory.Video, 5000), drivesGrid: true);
        Send(target, "video", FragmentFactory.Video, 3000, seconds: 1, drivesGrid: true);

        Assert.Equal(0.2, target.Seconds, 9);
    }

    [Fact]
    public void OneSampleFragments_DecideAfterOnePartAndOneSample()
    {
        PartTarget target = Wanting(0.2);
        target.Expect("video", FragmentFactory.Video);
        int sent = 0;

        while (!target.WhenDecided.IsCompleted)
        {
            target.Observe("video", Of(FragmentFactory.Video, 3600), drivesGrid: true);
            sent++;
        }

        Assert.Equal(6, sent);
    }

    /// <summary>Found by damaged streams: each number of frames that fit into a part was tried, of frames that last a nanosecond or an hour.</summary>
    [Theory]
    [InlineData(1_000_000_000, 1)]
    [InlineData(1, 3600)]
    public void SamplesThatLastNextToNothingOrForHours_DecideTooAndCostLittle(int timescale, int ticks)
    {
        PartTarget target = Wanting(0.2);
        TrackDescription video = FragmentFactory.Video with { Timescale = timescale };
        target.Expect("video", video);
        target.Expect("audio", FragmentFactory.AudioAt(48000));
        Fragment[] fragments = [.. Enumerable.Range(0, 4098).Select(_ => Of(video, ticks))];

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (Fragment fragment in fragments)
        {
            target.Observe("video", fragment, drivesGrid: true);
        }

        Assert.True(target.WhenDecided.IsCompletedSuccessfully);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void AudioOfTheSameBatch_IsWaitedFor()
    {
        PartTarget target = Wanting(0.2);
        target.Expect("video", FragmentFactory.Video);
        target.Expect("audio", FragmentFactory.AudioAt(24000));

        target.Observe("video", Of(FragmentFactory.Video, [.. Enumerable.Repeat(3600, 50)]), drivesGrid: true);
        Assert.False(target.WhenDecided.IsCompleted);
        target.Observe("audio", Of(FragmentFactory.AudioAt(24000), [.. Enumerable.Repeat(2048, 20)]), drivesGrid: false);

        // 2048 samples at 24 kHz last 85.3 ms: two of them fill 0.2 s to 85.3 %, which is too near the edge.
        Assert.Equal(0.17067, target.Seconds, 9);
    }

    [Fact]
    public void AudioThatDoesNotCome_IsGuessedByTheNextFragment()
    {
        PartTarget target = Wanting(0.2);
        target.Expect("video", FragmentFactory.Video);
        target.Expect("audio", FragmentFactory.Audio);

        target.Observe("video", Of(FragmentFactory.Video, [.. Enumerable.Repeat(3600, 50)]), drivesGrid: true);
        target.Observe("video", Of(FragmentFactory.Video, 3600), drivesGrid: true);

        // Nine or ten frames of 21.3 ms.
        Assert.Equal(0.21334, target.Seconds, 9);
        Assert.True(target.WhenDecided.IsCompletedSuccessfully);
    }

    [Fact]
    public void RenditionAtHalfTheRate_CountsToo()
    {
        Rendition[] ladder = [new("80p", 80, 100_000, MaxFrameRate: 15)];
        PartTarget target = new(0.2, (source, cadence) => LadderPlanner.CadencesOf(source, cadence, ladder));
        target.Expect("video", FragmentFactory.Video);

        Send(target, "video", FragmentFactory.Video, 3000, seconds: 1, drivesGrid: true);
        Assert.Equal(0.2, target.Seconds, 9);

        PartTarget quarter = new(0.17, (source, cadence) => LadderPlanner.CadencesOf(source, cadence, ladder));
        quarter.Expect("video", FragmentFactory.Video);
        Send(quarter, "video", FragmentFactory.Video, 3000, seconds: 1, drivesGrid: true);

        // Five pictures of the source would do, but two of the rendition would not.
        Assert.InRange(quarter.Seconds, 0.13333, 0.2);
        Assert.NotEqual(0.17, quarter.Seconds, 4);
    }

    [Fact]
    public void Decision_NeverChanges()
    {
        PartTarget target = Wanting(0.2);
        target.Expect("video", FragmentFactory.Video);
        Send(target, "video", FragmentFactory.Video, 3003, seconds: 1, drivesGrid: true);
        double first = target.Seconds;

        target.Expect("audio", FragmentFactory.Audio);
        Send(target, "video", FragmentFactory.Video, 3754, seconds: 5, drivesGrid: true);
        target.Decide();

        Assert.Equal(first, target.Seconds);
    }

    [Fact]
    public void BroadcastThatEndsEarly_IsDecidedByWhatItHad()
    {
        PartTarget target = Wanting(0.2);
        target.Expect("video", FragmentFactory.Video);
        target.Observe("video", Of(FragmentFactory.Video, 3754, 3754), drivesGrid: true);

        target.Decide();

        Assert.Equal(0.20856, target.Seconds, 9);
    }

    private static PartTarget Wanting(double seconds) => new(seconds, static (_, _) => []);

    private void Send(PartTarget target, string name, TrackDescription track, int ticks, double seconds, bool drivesGrid)
    {
        for (int sent = 0; sent < seconds * track.Timescale / ticks; sent++)
        {
            target.Observe(name, Of(track, ticks), drivesGrid);
        }
    }

    private Fragment Of(TrackDescription track, params int[] ticks) =>
        _fragments.Of(track, isDiscontinuity: false, [.. ticks.Select(static duration => new Sample(0, 0, duration, true, 0, 4))]);
}
