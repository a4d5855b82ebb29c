using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Packaging;

/// <summary>Where the time went before a part was made.</summary>
public sealed class PartWaitTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly FragmentFactory _fragments = new();
    private readonly RecordingSink _sink = new();
    private readonly BroadcastSession _session = FragmentFactory.Session();

    public void Dispose() => _sink.Dispose();

    [Fact]
    public async Task APart_WaitedForWhatItsLastSampleWaitedFor()
    {
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, _time);
        FragmentBroadcaster track = registry.GetOrCreate(new TrackKey(_session.Broadcast, "video"), TrackKind.Video, _session);
        Task packaging = new TrackPackager(_session, _fragments.Pool, _sink, _time).RunAsync(track.Subscribe(SubscriptionBound.Default), CancellationToken.None);
        Publish(track, number: 0, encodedFor: TimeSpan.FromMilliseconds(500));
        Publish(track, number: 1, encodedFor: TimeSpan.FromMilliseconds(30));

        // Not full yet: it is made when the track ends.
        _time.Advance(TimeSpan.FromMilliseconds(7));
        registry.Remove(track);
        await packaging;

        Part part = Assert.Single(_sink.Parts);
        Assert.Equal(2, part.SampleCount);
        Assert.Equal(new PartWait(TimeSpan.FromMilliseconds(37), TimeSpan.FromMilliseconds(7)), part.Waited);
        Assert.Equal(TimeSpan.FromMilliseconds(30), part.Waited!.Value.BeforePublished);
    }

    private void Publish(FragmentBroadcaster track, int number, TimeSpan encodedFor)
    {
        long receivedAt = _time.GetTimestamp();
        PayloadHold payload = _fragments.Pool.Rent(4);
        Fragment fragment = new(FragmentFactory.Video, [new Sample(number * 3600, 0, 3600, number == 0, 0, 4)], payload, receivedAt);
        _session.Grid.Observe(fragment);
        _time.Advance(encodedFor);
        track.Publish(fragment);
    }
}
