using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hls;

/// <summary>Where the time of a part goes, from the encoder's clock to the first player: from the bytes to the request, on a clock that the test moves.</summary>
public sealed class StageLatencyTests
{
    private static readonly DateTimeOffset NtpEpoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTime _time = new();
    private readonly FragmentFactory _fragments = new();
    private readonly BroadcastSession _session = FragmentFactory.Session();

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Stages_OfAPart_AddUpToItsTotal(bool isRendition, bool saysItsClock)
    {
        using MediaPlaylistBoard board = new("480p", new HlsPlan(0.5, 2, 6), static _ => [], time: _time);
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, _time);
        FragmentBroadcaster track = registry.GetOrCreate(new TrackKey(_session.Broadcast, "video"), TrackKind.Video, _session);
        Task packaging = new TrackPackager(_session, _fragments.Pool, board, _time).RunAsync(track.Subscribe(SubscriptionBound.Default), CancellationToken.None);

        Fragment fragment = Receive(saysItsClock);
        _session.Grid.Observe(fragment);
        long? decodedAt = null;
        if (isRendition)
        {
            Wait(7);
            decodedAt = _time.GetTimestamp();
        }

        Wait(30);
        track.Publish(Made(fragment, decodedAt));

        // Not full yet: the part is made when the track ends.
        Wait(5);
        registry.Remove(track);
        await packaging;
        Wait(11);
        (await board.OpenPartAsync(0, _time, CancellationToken.None))!.Dispose();

        // Who comes second is not the first.
        Wait(100);
        (await board.OpenPartAsync(0, _time, CancellationToken.None))!.Dispose();
        StageLatency stages = board.Latency;
        Assert.Equal(
            [saysItsClock ? 40 : null, 20, isRendition ? 7 : null, isRendition ? 30 : null, isRendition ? 37 : 30, 5, 0, 11],
            ((SlidingPercentiles[])[stages.Contribution, stages.Receive, stages.Decode, stages.Encode, stages.IngestToPublish, stages.Package, stages.List, stages.FirstFetch]).Select(Only));
        Assert.Equal(Sum(stages.Receive, stages.IngestToPublish, stages.Package, stages.List), Only(stages.FirstByteToPlaylist));
        Assert.Equal(Sum(stages.Contribution, stages.FirstByteToPlaylist, stages.FirstFetch), Only(stages.Total));
        if (isRendition)
        {
            Assert.Equal(Sum(stages.Decode, stages.Encode), Only(stages.IngestToPublish));
        }
    }

    /// <summary>A fragment that comes in two pieces: 40 ms after the encoder's clock its first, 20 ms later the rest.</summary>
    private Fragment Receive(bool saysItsClock)
    {
        List<IngestEvent> events = [];
        using FragmentReader reader = new(_fragments.Pool, IngestLimits.Default);
        reader.Accept(SyntheticStream.Init(), _time.GetTimestamp(), events);
        ulong clock = (ulong)((_time.GetUtcNow() - NtpEpoch).TotalSeconds * 4294967296.0);
        Wait(40);
        byte[] bytes =
        [
            .. saysItsClock ? Clock(clock) : [],
            .. SyntheticStream.Moof(boxes =>
            {
                new Tfhd(1, Duration: 40, Size: 4, Flags: 0x02000000, DefaultBaseIsMoof: true).Write(boxes);
                new Tfdt(0).Write(boxes);
                SyntheticStream.Run(boxes, 2, 24 + 8 + 28 + 20 + 20 + 8);
            }),
            .. SyntheticStream.Box("mdat", 1, 2, 3, 4, 5, 6, 7, 8),
        ];
        reader.Accept(bytes.AsSpan(0, 70), _time.GetTimestamp(), events);
        Wait(20);
        reader.Accept(bytes.AsSpan(70), _time.GetTimestamp(), events);
        return Assert.Single(events.OfType<IngestEvent.Media>()).Fragment;
    }

    private static byte[] Clock(ulong ntpTime)
    {
        BoxWriter boxes = new();
        new Prft(1, ntpTime, 0).Write(boxes);
        return boxes.WrittenMemory.ToArray();
    }

    /// <summary>What a drain publishes of it: bytes of its own, and when the picture was there.</summary>
    private Fragment Made(Fragment source, long? decodedAt)
    {
        using (source)
        {
            Sample[] samples = [.. source.Samples.Select(static (sample, index) => sample with { Offset = 4 * index })];
            return new Fragment(source.Track, samples, _fragments.Pool.Copy(new byte[8]), source.Arrival) { DecodedAt = decodedAt };
        }
    }

    private void Wait(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private static double? Only(SlidingPercentiles measured)
    {
        long taken = 0;
        return measured.ReadNew(ref taken) switch
        {
            [] => null,
            [double only] => Math.Round(only, 3),
            double[] several => throw new InvalidOperationException($"Saw {string.Join(", ", several)}; expected one value."),
        };
    }

    private static double Sum(params IEnumerable<SlidingPercentiles> stages) => stages.Sum(static stage => Only(stage) ?? 0);
}
