using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Packaging;

/// <summary>RFC 8216bis 4.4.4.9 for every cadence: no part above its target, none but a segment's last below 85 % of it.</summary>
public sealed class PartFillTests
{
    private static readonly double[] VideoRates = [12, 15, 24000 / 1001.0, 24, 25, 30000 / 1001.0, 30, 48, 50, 60000 / 1001.0, 60];

    private static readonly double[] Targets = [0.2, 0.33, 0.5, 1.0];

    // Samples a second, ticks per frame: AAC, HE-AAC, and Opus from 2.5 to 60 ms.
    private static readonly (int Rate, int Ticks)[] AudioFrames =
    [
        (44100, 1024), (48000, 1024), (44100, 2048), (48000, 2048),
        (48000, 120), (48000, 240), (48000, 480), (48000, 960), (48000, 1920), (48000, 2880),
    ];

    private readonly FragmentFactory _fragments = new();

    public static TheoryData<double, int, int> Cases
    {
        get
        {
            TheoryData<double, int, int> data = [];
            for (int rate = 0; rate < VideoRates.Length; rate++)
            {
                for (int audio = 0; audio < AudioFrames.Length; audio++)
                {
                    data.Add(Targets[(rate + audio) % Targets.Length], rate, audio);
                    data.Add(Targets[(rate + audio + 1) % Targets.Length], rate, audio);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task VideoWithAudio_FillsItsParts(double wanted, int rate, int audio)
    {
        (int sampleRate, int ticks) = AudioFrames[audio];
        long[] video = [.. Enumerable.Range(0, (int)(12 * VideoRates[rate])).Select(number => (long)Math.Round(number * 90000 / VideoRates[rate]))];
        long[] sound = [.. Enumerable.Range(0, 12 * sampleRate / ticks).Select(number => (long)number * ticks)];

        await RequireFilledAsync(wanted, (FragmentFactory.Video, video), (FragmentFactory.AudioAt(sampleRate), sound));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.33)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public async Task TimesInMilliseconds_FillTheirParts(double wanted)
    {
        TrackDescription track = FragmentFactory.Video with { Timescale = 1000 };
        foreach (double rate in VideoRates)
        {
            await RequireFilledAsync(wanted, (track, [.. Enumerable.Range(0, (int)(12 * rate)).Select(number => (long)(number * 1000 / rate))]));
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.33)]
    [InlineData(0.5)]
    public async Task CameraWhoseTimesJitter_FillsItsParts(double wanted)
    {
        var jitter = new Random(7);
        TrackDescription track = FragmentFactory.Video with { Timescale = 1000 };

        // Each picture up to 3 ms early or late, as cameras stamp them; the clock itself does not drift.
        await RequireFilledAsync(wanted, (track, [.. Enumerable.Range(0, 400).Select(number => (number * 100L / 3) + jitter.Next(-3, 4) + 10)]));
    }

    [Fact]
    public async Task RenditionsOfFewerPictures_FillTheirParts()
    {
        Rendition[] ladder = [new("80p", 80, 100_000, MaxFrameRate: 30)];
        foreach (double rate in VideoRates)
        {
            var decided = new PartTarget(0.2, (source, cadence) => LadderPlanner.CadencesOf(source, cadence, ladder));
            decided.Expect("video", FragmentFactory.Video);
            long[] times = [.. Enumerable.Range(0, (int)(12 * rate)).Select(number => (long)Math.Round(number * 90000 / rate))];
            foreach (Fragment fragment in Fragments(FragmentFactory.Video, times))
            {
                decided.Observe("video", fragment, drivesGrid: true);
            }

            FrameCadence kept = FrameRateCap.CadenceOf(30, new FrameCadence(1 / rate, 0));
            int keepsEvery = (int)Math.Round(kept.Seconds * rate);
            if (kept.SpreadSeconds == 0)
            {
                await RequireFilledAsync(decided.Seconds, (FragmentFactory.Video, [.. times.Where((_, number) => number % keepsEvery == 0)]), isFixed: true);
            }
        }
    }

    private async Task RequireFilledAsync(
        double wanted, (TrackDescription Track, long[] Times) driver, (TrackDescription Track, long[] Times)? other = null, bool isFixed = false)
    {
        PartTarget parts = isFixed ? PartTarget.Fixed(wanted) : new(wanted, static (_, _) => []);
        BroadcastSession session = new(BroadcastId.Parse("live/a"), new SegmentGrid(2), parts, DateTimeOffset.UnixEpoch);
        session.Anchor(new MediaTime(0, 1), DateTimeOffset.UnixEpoch);
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        List<(string Name, TrackDescription Track, long[] Times)> tracks = [("video", driver.Track, driver.Times)];
        if (other is { } second)
        {
            tracks.Add(("audio", second.Track, second.Times));
        }

        tracks.ForEach(track => parts.Expect(track.Name, track.Track));
        List<(RecordingSink Sink, Task Packaging)> packagers = [];
        List<(FragmentBroadcaster Broadcaster, Fragment Fragment)> sent = [];
        foreach ((string name, TrackDescription track, long[] times) in tracks)
        {
            FragmentBroadcaster broadcaster = registry.GetOrCreate(new TrackKey(session.Broadcast, name), track.Kind, session);
            RecordingSink sink = new();
            packagers.Add((sink, new TrackPackager(session, _fragments.Pool, sink, TimeProvider.System).RunAsync(
                broadcaster.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue)), CancellationToken.None)));
            sent.AddRange(Fragments(track, times).Select(fragment => (broadcaster, fragment)));
        }

        // As an encoder interleaves them.
        foreach ((FragmentBroadcaster broadcaster, Fragment fragment) in sent.OrderBy(static sent => sent.Fragment.Start.Seconds))
        {
            bool drivesGrid = broadcaster.Kind == TrackKind.Video;
            parts.Observe(broadcaster.Key.Track, fragment, drivesGrid);
            if (drivesGrid)
            {
                session.Grid.Observe(fragment);
            }

            broadcaster.Publish(fragment);
        }

        session.Grid.End();
        Array.ForEach([.. registry.Tracks], track => registry.Remove(track));
        foreach ((RecordingSink sink, Task packaging) in packagers)
        {
            await packaging.WaitAsync(Eventually.Patience);
            RequireFilled(sink, parts.Seconds);
            if (other is not null && await parts.WhenDecided is { EverySeconds: < double.PositiveInfinity and var every })
            {
                RequireNoScraps(sink, every);
            }

            sink.Dispose();
        }
    }

    private static void RequireFilled(RecordingSink sink, double target)
    {
        Assert.True(sink.Segments.Count >= 4);
        decimal listed = decimal.Parse(Text(target), System.Globalization.CultureInfo.InvariantCulture);
        foreach (SegmentHead segment in sink.Segments)
        {
            decimal[] parts = [.. sink.PartsOf(segment).Select(static part => decimal.Parse(Text(part.DurationSeconds), System.Globalization.CultureInfo.InvariantCulture))];
            Assert.All(parts, part => Assert.True(part <= listed, $"{part} s of {listed}"));
            Assert.All(parts[..^1], part => Assert.True(part >= 0.85m * listed, $"{part} s of {listed}"));
        }
    }

    /// <summary>Where parts are cut at the same times in all tracks, a segment of whole parts ends with a whole one in each of them.</summary>
    private static void RequireNoScraps(RecordingSink sink, double every)
    {
        // The first segment's own start may lie anywhere, and the last one is cut off.
        foreach (SegmentHead segment in sink.Segments.Skip(1).SkipLast(1))
        {
            double[] parts = [.. sink.PartsOf(segment).Select(static part => part.DurationSeconds)];
            double rest = parts.Sum() % every;
            bool isOfWholeParts = Math.Min(rest, every - rest) < 0.03 * every;
            Assert.True(!isOfWholeParts || parts[^1] > every / 2, $"{parts[^1]} s behind {parts.Length - 1} parts of {every} s");
        }
    }

    /// <summary>As playlists write it.</summary>
    private static string Text(double seconds) => seconds.ToString("0.00000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One sample a fragment, a keyframe about every second; each lasts until the next.</summary>
    private IEnumerable<Fragment> Fragments(TrackDescription track, long[] times)
    {
        long nextSync = 0;
        for (int number = 0; number + 1 < times.Length; number++)
        {
            bool isSync = track.Kind == TrackKind.Audio || times[number] >= nextSync;
            nextSync += isSync ? track.Timescale : 0;
            yield return _fragments.Of(
                track, isDiscontinuity: false, new Sample(times[number], 0, (int)(times[number + 1] - times[number]), isSync, 0, 4));
        }
    }
}
