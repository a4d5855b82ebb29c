using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Bench.Scheduling;

/// <summary>Our ladder once over a source, as fast as the devices take it.</summary>
internal static class LadderPass
{
    private static readonly FeedLimits Helped = FeedLimits.Lossless with { HelpedAfter = TimeSpan.Zero, HeldMax = TimeSpan.FromSeconds(6) };

    /// <summary>A decoder or an encoder may keep so many until more come.</summary>
    private const int PicturesUnderWay = 30;

    /// <param name="codecs">Opens decoders and scalers.</param>
    /// <param name="media">The source.</param>
    /// <param name="renditions">What is made of it.</param>
    /// <param name="devices">What encodes.</param>
    /// <param name="helps">Whether slots that nobody waits for help.</param>
    /// <param name="writeTo">A folder that gets a file per rendition; null throws the samples away.</param>
    /// <param name="launcher">Starts the child that it runs in; null for this process.</param>
    /// <param name="prepareThread">Runs first on each thread of a drain here; null leaves them at the priority of the program we are compared with.</param>
    /// <param name="warmUpSeconds">So much of the media goes through before the clock starts.</param>
    /// <returns>Seconds from the first fragment, or the end of the warm-up, to the last sample.</returns>
    public static async Task<double> RunAsync(
        Codecs codecs, SourceMedia media, IReadOnlyList<Rendition> renditions, DevicePool devices, bool helps, string? writeTo,
        ChildLauncher? launcher = null, Action? prepareThread = null, double warmUpSeconds = 0)
    {
        PayloadPool payloads = new();
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        RenditionFiles? files = writeTo is null ? null : new RenditionFiles(registry, payloads, writeTo);
        LadderRules rules = new() { Renditions = renditions, Limits = helps ? Helped : FeedLimits.Lossless };
        LadderLoad loads = new(LadderOverload.Refuse, devices, TimeProvider.System, NullLogger<LadderLoad>.Instance);
        EncoderFactory encoders = new(devices, payloads, LadderPlan.Tuning, threadsMax: 1);
        IReadOnlyList<ITranscoderFactory> ladder = launcher is null
            ? LadderFactory.ForLadder(rules, codecs, encoders, loads, TimeProvider.System, NullLoggerFactory.Instance)
            : IsolatedFactory.ForLadder(new IsolatedLadders(
                rules, LadderPlan.Tuning, encoderThreadsMax: 1, new DevicePlan(), devices, loads, launcher, TimeProvider.System, NullLoggerFactory.Instance));
        SubscriptionBound unbounded = new(double.PositiveInfinity, int.MaxValue);
        await using TranscodeRunner runner = new(registry, ladder, prepareThread ?? (static () => { }), unbounded, NullLoggerFactory.Instance);
        BroadcastSession session = new(BroadcastId.Parse("bench/scheduling"), new SegmentGrid(segmentSeconds: 2), PartTarget.Fixed(0.5), TimeProvider.System.GetUtcNow());

        FragmentBroadcaster video = registry.GetOrCreate(new TrackKey(session.Broadcast, "video"), TrackKind.Video, session, rendition: null, media.Fragments[0].Track);
        Fragment[] warmUp = [.. media.Fragments.TakeWhile(fragment => fragment.Start.Seconds < media.Fragments[0].Start.Seconds + warmUpSeconds)];
        Publish(video, warmUp);
        await WhenEncodedAsync(runner, warmUp.Sum(static fragment => fragment.Samples.Length) - PicturesUnderWay);
        long began = Stopwatch.GetTimestamp();
        Publish(video, media.Fragments.Skip(warmUp.Length));
        registry.Remove(video);
        await runner.WhenDrainedAsync(session);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (files is not null)
        {
            await files.WhenWrittenAsync();
        }

        LadderRun.RequireWhole(runner, media.Pictures);
        return seconds;
    }

    private static void Publish(FragmentBroadcaster video, IEnumerable<Fragment> fragments)
    {
        foreach (Fragment fragment in fragments)
        {
            video.Session.Grid.Observe(fragment);
            video.Publish(fragment.Share());
        }
    }

    private static async Task WhenEncodedAsync(TranscodeRunner runner, int pictures)
    {
        while (runner.Drains.Any(drain => drain.Progress.FramesEncoded < pictures))
        {
            await Task.Delay(1);
        }
    }
}
