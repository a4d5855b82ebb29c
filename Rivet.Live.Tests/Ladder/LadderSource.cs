using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Encoding;
using Rivet.Live.Tests.Support;

namespace Rivet.Live.Tests.Ladder;

/// <summary>A broadcast of small real H.264, published by the test, with a real ladder behind it.</summary>
internal sealed class LadderSource : IAsyncDisposable
{
    private readonly TranscodeRunner _runner;
    private readonly IDisposable _observation;
    private readonly Dictionary<string, Task> _readers = [];
    private readonly Dictionary<string, RenditionRecord> _records = [];
    private readonly Lock _readersLock = new();

    /// <param name="ladder">The renditions.</param>
    /// <param name="limits">How patient their feeds are; nothing is lost by default.</param>
    /// <param name="devices">Who encodes; the CPU by default, as much as is wanted.</param>
    /// <param name="name">The broadcast's.</param>
    /// <param name="fallback">What follows where none of the devices encodes any more.</param>
    /// <param name="loads">Sheds renditions; by default none is.</param>
    /// <param name="factories">Makes the ladder's transcoders; by default they run in this process.</param>
    public LadderSource(
        IReadOnlyList<Rendition> ladder, FeedLimits? limits = null, DevicePool? devices = null, string name = "live/demo",
        EncoderFallback fallback = EncoderFallback.Software, LadderLoad? loads = null,
        Func<LadderSource, LadderRules, LadderLoad, IReadOnlyList<ITranscoderFactory>>? factories = null)
    {
        Devices = devices ?? TestDevices.Cpu();
        Session = FragmentFactory.Session(name);
        LadderRules rules = new() { Renditions = ladder, Limits = limits ?? FeedLimits.Lossless, Fallback = fallback, EndBroadcast = Ended.Add, ThumbnailMade = (_, jpeg) => Thumbnails.Add(jpeg) };
        _observation = Registry.Observe(Read, static _ => { });
        Loads = loads ?? Unshed(Devices);
        _runner = new TranscodeRunner(
            Registry,
            (factories ?? InProcess)(this, rules, Loads),
            static () => { },
            new SubscriptionBound(double.MaxValue, int.MaxValue),
            NullLoggerFactory.Instance);
    }

    /// <summary>Where all media of this broadcast lives.</summary>
    public PayloadPool Pool { get; } = new();

    public FragmentBroadcasterRegistry Registry { get; } = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);

    public BroadcastSession Session { get; }

    /// <summary>Who encodes; whoever made it disposes it.</summary>
    public DevicePool Devices { get; }

    /// <summary>Which renditions are encoded.</summary>
    public LadderLoad Loads { get; }

    public FragmentBroadcaster Video => Registry.GetOrCreate(new TrackKey(Session.Broadcast, "video"), TrackKind.Video, Session);

    public Drain DrainOf(string rendition) => _runner.DrainsOf(Session).Single(drain => drain.Key.Rendition == rendition);

    /// <summary>Sessions that the ladder wanted to be ended.</summary>
    public ConcurrentBag<BroadcastSession> Ended { get; } = [];

    /// <summary>Pictures of it for people.</summary>
    public ConcurrentBag<byte[]> Thumbnails { get; } = [];

    /// <summary>Whether each sample of a rendition came behind a discontinuity.</summary>
    public IReadOnlyList<bool> DiscontinuitiesOf(string rendition) => [.. _records[rendition].Samples.Select(static sample => sample.IsDiscontinuity)];

    /// <summary>Everything that a rendition published; complete after <see cref="EndAsync"/>.</summary>
    public RenditionRecord RecordOf(string rendition) => _records[rendition];

    /// <summary>Made-up pictures as a track of the given timescale, one sample per fragment.</summary>
    public static (TrackDescription Track, List<(byte[] Bytes, bool IsSync)> Samples) Encode(int width, int height, int pictures, int gop)
    {
        (TrackDescription track, List<(byte[] Bytes, long Time, bool IsSync)> samples) = Synthetic.Stream(width, height, pictures, gop);
        return (track, [.. samples.Select(static sample => (sample.Bytes, sample.IsSync))]);
    }

    public void Publish(TrackDescription track, byte[] bytes, bool isSync, long time, int ticks, bool isDiscontinuity = false)
    {
        Fragment fragment = new(
            track, [new Sample(time, 0, ticks, isSync, 0, bytes.Length)], Pool.Copy(bytes), TimeProvider.System.GetTimestamp())
        {
            IsDiscontinuity = isDiscontinuity,
        };
        Session.Grid.Observe(fragment);
        Video.Publish(fragment);
    }

    /// <summary>Publishes all samples at one distance, beginning at a time.</summary>
    public void PublishAll(TrackDescription track, IEnumerable<(byte[] Bytes, bool IsSync)> samples, int ticks, long start = 0, bool isDiscontinuity = false)
    {
        long time = start;
        foreach ((byte[] bytes, bool isSync) in samples)
        {
            Publish(track, bytes, isSync, time, ticks, isDiscontinuity && time == start);
            time += ticks;
        }
    }

    /// <summary>Ends the source and waits until every rendition has ended too.</summary>
    public async Task<Dictionary<string, List<Sample>>> EndAsync()
    {
        Registry.Remove(Video);
        await _runner.WhenDrainedAsync(Session).WaitAsync(Eventually.Patience);
        Dictionary<string, List<Sample>> renditions = [];
        foreach ((string rendition, Task reader) in _readers)
        {
            await reader.WaitAsync(Eventually.Patience);
            renditions[rendition] = [.. _records[rendition].Samples.Select(static sample => sample.Sample)];
        }

        return renditions;
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        _observation.Dispose();
    }

    /// <summary>How well all ladders of tests encode.</summary>
    public static EncoderTuning Tuning { get; } = new() { Target = null, Tier = SpeedTier.Draft };

    private static IReadOnlyList<ITranscoderFactory> InProcess(LadderSource source, LadderRules rules, LadderLoad loads) => LadderFactory.ForLadder(
        rules, TestCodecs.Shared, new EncoderFactory(source.Devices, source.Pool, Tuning, threadsMax: 1), loads, TimeProvider.System, NullLoggerFactory.Instance);

    private static LadderLoad Unshed(DevicePool devices) =>
        new(LadderOverload.Refuse, devices, TimeProvider.System, NullLogger<LadderLoad>.Instance);

    private void Read(FragmentBroadcaster track)
    {
        if (track.Rendition is not { } rendition)
        {
            return;
        }

        FragmentSubscription subscription = track.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue));
        RenditionRecord record = new();
        lock (_readersLock)
        {
            _records[rendition] = record;
            _readers[rendition] = Task.Run(() => ReadAsync(subscription, record));
        }
    }

    private static async Task ReadAsync(FragmentSubscription subscription, RenditionRecord record)
    {
        using (subscription)
        {
            while (await subscription.ReadAsync(CancellationToken.None) is { } fragment)
            {
                using (fragment)
                {
                    record.Add(fragment);
                }
            }
        }
    }
}
