using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Drains;
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
    private readonly Dictionary<string, Task<List<Sample>>> _readers = [];
    private readonly Dictionary<string, List<bool>> _discontinuities = [];
    private readonly Lock _readersLock = new();

    public LadderSource(IReadOnlyList<Rendition> ladder, FeedLimits? limits = null, EncoderFactory? encoders = null)
    {
        EncoderFactory factory = encoders ?? new EncoderFactory(TestCodecs.Shared, Pool, "ultrafast", threadsMax: 1);
        _observation = Registry.Observe(Read, static _ => { });
        _runner = new TranscodeRunner(
            Registry,
            LadderFactory.ForLadder(ladder, TestCodecs.Shared, factory, limits ?? FeedLimits.Lossless, TimeProvider.System, NullLoggerFactory.Instance),
            static () => { },
            new SubscriptionBound(double.MaxValue, int.MaxValue),
            NullLoggerFactory.Instance);
    }

    /// <summary>Where all media of this broadcast lives.</summary>
    public PayloadPool Pool { get; } = new();

    public FragmentBroadcasterRegistry Registry { get; } = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);

    public BroadcastSession Session { get; } = FragmentFactory.Session();

    public FragmentBroadcaster Video => Registry.GetOrCreate(new TrackKey(Session.Broadcast, "video"), TrackKind.Video, Session);

    public Drain DrainOf(string rendition) => _runner.Find(new DrainKey("ladder", rendition, Session.Broadcast, "video"))!;

    /// <summary>Whether each sample of a rendition came behind a discontinuity.</summary>
    public IReadOnlyList<bool> DiscontinuitiesOf(string rendition) => _discontinuities[rendition];

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
        foreach ((string rendition, Task<List<Sample>> reader) in _readers)
        {
            renditions[rendition] = await reader.WaitAsync(Eventually.Patience);
        }

        return renditions;
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        _observation.Dispose();
    }

    private void Read(FragmentBroadcaster track)
    {
        if (track.Rendition is not { } rendition)
        {
            return;
        }

        FragmentSubscription subscription = track.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue));
        List<bool> discontinuities = [];
        lock (_readersLock)
        {
            _discontinuities[rendition] = discontinuities;
            _readers[rendition] = Task.Run(() => ReadAsync(subscription, discontinuities));
        }
    }

    private static async Task<List<Sample>> ReadAsync(FragmentSubscription subscription, List<bool> discontinuities)
    {
        using (subscription)
        {
            List<Sample> samples = [];
            while (await subscription.ReadAsync(CancellationToken.None) is { } fragment)
            {
                using (fragment)
                {
                    samples.AddRange(fragment.Samples);
                    discontinuities.Add(fragment.IsDiscontinuity);
                }
            }

            return samples;
        }
    }
}
