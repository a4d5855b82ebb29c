using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Drains;
using Rivet.Live.Tests.Stats;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Isolation;

/// <summary>What the server makes of what a child sends.</summary>
public sealed class IsolatedRenditionTests
{
    [Fact]
    public async Task Sample_ThatWasPublishedBefore_IsDroppedAndCounted()
    {
        FragmentFactory fragments = new();
        BroadcastSession session = FragmentFactory.Session();
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        FragmentBroadcaster source = registry.GetOrCreate(new TrackKey(session.Broadcast, "video"), TrackKind.Video, session);
        RenditionProgress progress = new(TimeProvider.System);
        using IsolatedRendition rendition = new(new Rendition("480p", 64, 100_000), new TranscoderContext(source, registry, progress), new ServerLoads([], static _ => { }));
        int published = 0;
        foreach (int number in (int[])[0, 1, 1, 0, 2])
        {
            published += rendition.Publish(fragments.One(number, isSync: number == 0)) ? 1 : 0;
        }

        Assert.Equal((3, 2L, 3L), (published, progress.FramesDuplicated, progress.FramesEncoded));
        FieldsSeen seen = new();
        Drain drain = new(
            new DrainKey("ladder", "480p", session.Broadcast, "video"), session, new ScriptedTranscoder(), source.Subscribe(SubscriptionBound.Default), progress, NullLogger<Drain>.Instance);
        seen.Look(drain);
        Assert.Empty(seen.Untold(FieldsOf.SamplesAgain));
        registry.Remove(source);
        await drain.RunAsync(CancellationToken.None);
        registry.Remove(registry.GetOrCreate(new TrackKey(session.Broadcast, "480p"), TrackKind.Video, session, "480p"));
        fragments.AssertAllReturned();
    }
}
