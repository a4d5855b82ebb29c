using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>When media that comes in bursts goes out: parts of half a second, so in pieces of an eighth.</summary>
public sealed class FragmentPacerTests : IAsyncLifetime
{
    private const double Piece = 0.125;
    private const int PicturesPerSecond = 40;

    private readonly FragmentFactory _fragments = new();
    private readonly ManualTime _time = new();
    private readonly FragmentBroadcasterRegistry _registry;
    private readonly PublishingPoint _point;
    private readonly List<(string Track, double Start, double End, double At)> _out = [];
    private readonly List<FragmentSubscription> _subscriptions = [];
    private readonly IngestTrackFeed _video;
    private readonly IngestTrackFeed _audio;
    private readonly double _began;
    private readonly Task _pacing;

    public FragmentPacerTests()
    {
        _registry = new FragmentBroadcasterRegistry(NullLogger<FragmentBroadcasterRegistry>.Instance, _time);
        _point = new PublishingPoint(FragmentFactory.Session(), _time);

        // Before there is a track, as the pipeline does.
        _pacing = _point.Pacer.RunAsync(_point.WhenClosed, CancellationToken.None);
        _began = Now;
        _video = Feed("video", FragmentFactory.Video, drivesGrid: true);
        _audio = Feed("audio", FragmentFactory.Audio, drivesGrid: false);
    }

    private double Now => _time.GetElapsedTime(0, _time.GetTimestamp()).TotalSeconds;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _point.EndAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _pacing.WaitAsync(Eventually.Patience);
        await ReadAsync();
        _subscriptions.ForEach(static subscription => subscription.Dispose());
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Bursts_GoOutAtThePaceTheyWereTakenAt()
    {
        for (int gop = 0; gop < 3; gop++)
        {
            await AdvanceAsync(2);
            Send(_video, gop * 2, 2);
        }

        await AdvanceAsync(2);
        await ReadAsync();

        Assert.Equal(Enumerable.Range(0, 48).Select(static piece => piece * Piece), _out.Select(static piece => piece.Start));
        Assert.All(_out, static piece => Assert.InRange(piece.At - piece.Start, 2 - 1e-6, 2 + (Piece / 2)));
    }

    /// <summary>Who has little to send at a time is not made to wait.</summary>
    [Fact]
    public async Task FragmentsOfAPart_GoOutAtOnce()
    {
        Send(_video, 0, 0.5);
        Send(_video, 0.5, 0.5);
        await ReadAsync();

        Assert.Equal([("video", 0.0, 0.5, 0.0), ("video", 0.5, 1.0, 0.0)], _out);
    }

    /// <summary>A file sent as fast as it can be read: one burst waits, and no more.</summary>
    [Fact]
    public async Task PublisherThatRunsAhead_IsNotSlowed()
    {
        for (int gop = 0; gop < 50; gop++)
        {
            Send(_video, gop * 2, 2);
        }

        await ReadAsync();

        Assert.Equal(98, _out[^1].End);
    }

    /// <summary>Keyframes where the scene cuts: what came in a short burst waits as long as what came in a long one.</summary>
    [Fact]
    public async Task UnevenBursts_GoOutEvenly()
    {
        double start = 0;
        foreach (double length in new[] { 3, 0.5, 0.25, 2.25, 1, 3 })
        {
            await AdvanceAsync(length);
            Send(_video, start, length);
            start += length;
        }

        await AdvanceAsync(3);
        await ReadAsync();

        Assert.All(_out, static piece => Assert.InRange(piece.At - piece.Start, 3 - 1e-6, 3 + (Piece / 2)));
        Assert.Equal(10, _out[^1].End);
    }

    /// <summary>Nobody may ask the grid of audio whose time the driving track has not reached.</summary>
    [Fact]
    public async Task TracksThatComeTogether_GoOutTogetherTheDrivingOneFirst()
    {
        await AdvanceAsync(2);
        Send(_video, 0, 2);
        Send(_audio, 0.0625, 2);
        await AdvanceAsync(2);
        Send(_video, 2, 2);
        Send(_audio, 2.0625, 2);
        await AdvanceAsync(2);

        double videoUntil = 0;
        await ReadAsync();
        foreach ((string track, double start, double end, _) in _out)
        {
            videoUntil = track == "video" ? end : videoUntil;
            Assert.True(track == "video" || start < videoUntil, $"audio of {start} went out when video had reached {videoUntil}");
        }

        Assert.Equal(2, _out.Select(static piece => piece.Track).Distinct().Count());
    }

    [Fact]
    public async Task WhatWaits_GoesOutAtTheEnd()
    {
        await AdvanceAsync(2);
        Send(_video, 0, 2);

        await _point.EndAsync();
        await ReadAsync();

        Assert.Equal(2, _out[^1].End);
        Assert.Equal(16, _out.Count);
    }

    /// <summary>Of a browser that starved: its second fragment overlapped the first, just as the length of parts was decided, and went out in the middle of it.</summary>
    [Fact]
    public async Task TrackWhoseFragmentsAreCutDifferently_GoesOutInTheOrderInWhichItCame()
    {
        await AdvanceAsync(1);
        Send(_video, 0, 1, partSeconds: 0.2);
        await AdvanceAsync(0.875);
        Send(_video, 0.875, 0.75, partSeconds: 0.5);
        await _point.EndAsync();

        List<double> starts = [];
        while (_subscriptions[0].QueuedSeconds > 0)
        {
            using Fragment fragment = (await _subscriptions[0].ReadAsync(CancellationToken.None))!;
            starts.Add(fragment.Start.Seconds);
        }

        Assert.Equal(starts.Order(), starts);
        Assert.Equal(25, starts.Count);
    }

    private IngestTrackFeed Feed(string name, TrackDescription track, bool drivesGrid)
    {
        FragmentBroadcaster broadcaster = _registry.GetOrCreate(
            new TrackKey(_point.Broadcast, name), track.Kind, _point.Session, rendition: null, track);
        _subscriptions.Add(broadcaster.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue)));
        return new IngestTrackFeed(track, broadcaster, _point.MeterOf(name, track), _point.ArrivalsOf(broadcaster)) { DrivesGrid = drivesGrid };
    }

    private void Send(IngestTrackFeed feed, double start, double seconds, double partSeconds = 0.5)
    {
        int timescale = feed.Track.Timescale;
        int ticks = timescale / PicturesPerSecond;
        int count = (int)Math.Round(seconds * PicturesPerSecond);
        Sample[] samples = [.. Enumerable.Range(0, count).Select(number =>
            new Sample((long)Math.Round(start * timescale) + (number * ticks), 0, ticks, number == 0, 0, 1))];
        PayloadHold payload = _fragments.Pool.Rent(1);
        lock (_point.Timeline)
        {
            Fragment placed = feed.Place(new Fragment(feed.Track, samples, payload, _time.GetTimestamp()), new TimelineShift(0, IsContinuation: false));
            _point.Pacer.Publish(feed, placed, partSeconds);
        }
    }

    private async Task AdvanceAsync(double seconds)
    {
        for (double left = seconds; left > 1e-9; left -= Piece / 4)
        {
            _time.Advance(TimeSpan.FromSeconds(Piece / 4));
            await Eventually.TrueAsync(() => _time.Waiting == 1 || !_point.Pacer.Holds, "the pacer waits, or has nothing to do");
        }
    }

    /// <summary>What went out since this was asked last, in the order in which it did; times of the clock from the beginning of the test.</summary>
    private async Task ReadAsync()
    {
        List<(Fragment Fragment, string Track)> read = [];
        foreach ((FragmentSubscription subscription, string track) in _subscriptions.Zip(["video", "audio"]))
        {
            while (subscription.QueuedSeconds > 0)
            {
                read.Add(((await subscription.ReadAsync(CancellationToken.None))!, track));
            }
        }

        foreach ((Fragment fragment, string track) in read.OrderBy(static one => one.Fragment.PublishedAt).ThenBy(static one => one.Fragment.Start).ThenBy(static one => one.Track == "video" ? 0 : 1))
        {
            _out.Add((track, Math.Round(fragment.Start.Seconds, 4), Math.Round(fragment.End.Seconds, 4), Math.Round(_time.GetElapsedTime(0, fragment.PublishedAt).TotalSeconds - _began, 6)));
            fragment.Dispose();
        }
    }
}
