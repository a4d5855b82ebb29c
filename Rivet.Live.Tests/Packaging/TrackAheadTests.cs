using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Packaging;

/// <summary>A track whose media comes before the driving track's.</summary>
public sealed class TrackAheadTests : IDisposable
{
    private readonly FragmentFactory _fragments = new();
    private readonly RecordingSink _sink = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly BroadcastSession _session = FragmentFactory.Session();

    public void Dispose() => _sink.Dispose();

    [Fact]
    public async Task Audio_AheadOfTheVideo_IsCutWhereTheVideosSegmentsBegin()
    {
        FragmentBroadcaster audio = _registry.GetOrCreate(new TrackKey(_session.Broadcast, "audio"), TrackKind.Audio, _session);
        Task packaging = new TrackPackager(_session, _fragments.Pool, _sink, TimeProvider.System).RunAsync(
            audio.Subscribe(SubscriptionBound.Default), CancellationToken.None);
        audio.Publish(_fragments.Of(FragmentFactory.Audio, isDiscontinuity: false, [.. Enumerable.Range(0, 112).Select(
            static frame => new Sample(frame * 1024L, 0, 1024, true, 0, 4))]));
        audio.Publish(Fragment.Absence(FragmentFactory.Audio, new MediaTime(112 * 1024, 48000), new MediaTime(6 * 48000, 48000), noticedAt: 1));
        Assert.Empty(_sink.Segments);

        // A keyframe every 1.6 s, which nobody could know before; the grid wants two seconds.
        foreach (Sample[] picture in Enumerable.Range(0, 160).Select(static number => new[] { new Sample(number * 3600L, 0, 3600, number % 40 == 0, 0, 4) }))
        {
            using Fragment fragment = _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, picture);
            _session.Grid.Observe(fragment);
        }

        _session.Grid.End();
        _registry.Remove(audio);
        await packaging.WaitAsync(Eventually.Patience);

        Assert.Equal([0, 1.6, 3.2, 4.8], _sink.Segments.Select(static segment => Math.Round(segment.Start.Seconds, 1)));
        Assert.Equal([1.6, 1.6, 1.6], _sink.Segments.SkipLast(1).Select(segment => Math.Round(_sink.PartsOf(segment).Sum(static part => part.DurationSeconds), 1)));
    }
}
