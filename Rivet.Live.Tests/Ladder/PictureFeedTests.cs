using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

/// <summary>One decode for all readers: who gets which pictures when readers are slow, stuck or gone.</summary>
public sealed class PictureFeedTests : IDisposable
{
    private const int Gop = 10;

    private static readonly FeedLimits Patient = FeedLimits.Lossless;

    // Whatever was received before now is late, and late means that nobody waits.
    private static readonly FeedLimits Late = FeedLimits.Lossless with { LateAfter = TimeSpan.Zero };

    private readonly PayloadPool _pool = new();
    private readonly BroadcastSession _session = FragmentFactory.Session();
    private readonly ManualTime _time = new();
    private readonly List<string> _closed = [];
    private readonly FrameSpacing _spacing = new();
    private PictureFeed? _feed;
    private int _read;

    public void Dispose() => _feed?.Dispose();

    [Fact]
    public async Task Readers_OfDifferentSpeeds_GetEveryPictureOnceInOrder()
    {
        PictureFeed feed = Open(Patient);
        Task<List<long>> fast = ReadAllAsync(feed, "large", 0);
        Task<List<long>> slow = ReadAllAsync(feed, "small", 1);

        Assert.Equal(Enumerable.Range(0, 100).Select(static number => (long)number), await fast.WaitAsync(Eventually.Patience));
        Assert.Equal(Enumerable.Range(0, 100).Select(static number => (long)number), await slow.WaitAsync(Eventually.Patience));
        Assert.Equal(["closed"], _closed);
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public void StuckReader_WhenTheBroadcastIsLate_IsPutOutAndNobodyElseLosesAPicture()
    {
        PictureFeed feed = Open(Late);
        using FeedReader fast = feed.Join("large");
        using FeedReader stuck = feed.Join("small");
        Offer(feed);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, Read(stuck, 1));

        List<long> read = [];
        for (int number = 0; number < 35; number++)
        {
            read.Add(Read(fast, 0));
        }

        Assert.Equal(Enumerable.Range(0, 35).Select(static number => (long)number), read);
        Assert.Null(stuck.Next());
        Assert.Equal((true, false), (stuck.IsOut, fast.IsOut));
    }

    [Fact]
    public async Task ReaderThatLeaves_LetsThoseGoOnThatWaitedForIt()
    {
        PictureFeed feed = Open(Patient);
        FeedReader stuck = feed.Join("small");
        Task<List<long>> fast = ReadAllAsync(feed, "large", 0);
        await Eventually.TrueAsync(() => Volatile.Read(ref _read) == Patient.WindowPictures, "the fast reader is a window ahead");

        stuck.Dispose();

        Assert.Equal(100, (await fast.WaitAsync(Eventually.Patience)).Count);
        Assert.Equal(["closed"], _closed);
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public void ReaderOfARenditionAboveTheSource_GetsNothingAndHoldsNobodyUp()
    {
        PictureFeed feed = Open(Patient);
        using FeedReader above = feed.Join("above");
        using FeedReader fast = feed.Join("large");
        Offer(feed);

        for (int number = 0; number < 50; number++)
        {
            Assert.Equal(number, Read(fast, 0));
        }

        Assert.Null(above.Next());
        Assert.False(above.IsOut);
    }

    [Fact]
    public void FragmentBroughtByEveryReader_IsDecodedOnce()
    {
        PictureFeed feed = Open(Patient);
        using FeedReader one = feed.Join("large");
        Offer(feed);
        Offer(feed);
        feed.Complete();
        List<long> read = [];
        while (one.Next() is { } picture)
        {
            read.Add(picture.PresentationTime);
            picture.Pass(0);
        }

        Assert.Equal(100, read.Distinct().Count());
        Assert.Equal(100, read.Count);
    }

    [Fact]
    public void ReaderFromATimeOn_GetsNoPictureBeforeIt()
    {
        PictureFeed feed = Open(Patient);
        using FeedReader late = feed.Join("small", new MediaTime(25, 30));
        Offer(feed);

        Assert.Equal([25, 26, 27], Enumerable.Range(0, 3).Select(_ => Read(late, 1)));
    }

    [Fact]
    public void Feed_IsJoinedOnlyWhereAllPicturesWantedAreStillBeforeIt()
    {
        PictureFeed feed = Open(Patient);
        using FeedReader first = feed.Join("large");
        Offer(feed);
        for (int number = 0; number < 20; number++)
        {
            Read(first, 0);
        }

        Assert.Null(feed.TryJoin("small", new MediaTime(19, 30), withinSeconds: 1));
        Assert.Null(feed.TryJoin("small", new MediaTime(60, 30), withinSeconds: 1));
        Assert.Null(feed.TryJoin("small", from: null, withinSeconds: 1));
        using FeedReader joined = feed.TryJoin("small", new MediaTime(22, 30), withinSeconds: 1)!;
        Assert.Equal(22, Read(joined, 1));
        Assert.Equal(20, Read(first, 0));
    }

    [Fact]
    public void Scaler_OverAThousandPictures_KeepsFewFrames()
    {
        using PictureScaler scaler = TestCodecs.Shared.OpenScaler(64, 36, keepsDepth: false);
        for (int number = 0; number < 1000; number++)
        {
            using Picture large = Encoding.Synthetic.Flat(128, 72, (byte)number, 128, 128);
            using Picture small = scaler.Scale(large);
        }

        Assert.InRange(scaler.PooledFrames, 1, 2);
    }

    private static long Read(FeedReader reader, int rung)
    {
        LadderPicture picture = reader.Next()!;
        picture.Take(rung).Dispose();
        return picture.PresentationTime;
    }

    private PictureFeed Open(FeedLimits limits)
    {
        IReadOnlyList<Rendition> ladder = [new("large", 90, 200_000), new("small", 64, 100_000), new("above", 720, 1_000_000)];
        SourceDecoder decoder = new(TestCodecs.Shared, TestDevices.CpuDecoders(), _session, ladder, _spacing, threads: 1, NullLogger.Instance);
        return _feed = new PictureFeed(decoder, limits, _time, beginning: null, () => _closed.Add("closed"));
    }

    private void Offer(PictureFeed feed)
    {
        (TrackDescription track, List<(byte[] Bytes, bool IsSync)> samples) = LadderSource.Encode(160, 90, 100, Gop);
        for (int number = 0; number < samples.Count; number++)
        {
            using Fragment fragment = new(
                track, [new Sample(number, 0, 1, samples[number].IsSync, 0, samples[number].Bytes.Length)], _pool.Copy(samples[number].Bytes), _time.GetTimestamp())
            {
                Sequence = number,
            };
            _spacing.Learn(fragment);
            feed.Offer(fragment);
        }
    }

    /// <summary>Joins now; then, on a thread of its own, does what a drain does.</summary>
    private Task<List<long>> ReadAllAsync(PictureFeed feed, string rendition, int rung)
    {
        FeedReader reader = feed.Join(rendition);
        return Task.Factory.StartNew(() => ReadAll(feed, reader, rung), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private List<long> ReadAll(PictureFeed feed, FeedReader reader, int rung)
    {
        List<long> times = [];
        Offer(feed);
        ReadWhatThereIs(reader, rung, times);
        feed.Complete();
        ReadWhatThereIs(reader, rung, times);
        reader.Dispose();
        return times;
    }

    private void ReadWhatThereIs(FeedReader reader, int rung, List<long> times)
    {
        while (reader.Next() is { } picture)
        {
            picture.Take(rung).Dispose();
            times.Add(picture.PresentationTime);
            Interlocked.Increment(ref _read);
        }
    }
}
