using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Packaging;

/// <summary>RFC 8216bis 6.2.4: discontinuities are counted alike in every playlist of a broadcast, whatever happened to each track.</summary>
public sealed class DiscontinuityTests
{
    private const int Reconnects = 100;

    private readonly FragmentFactory _fragments = new();
    private readonly BroadcastSession _session = FragmentFactory.Session();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ManyReconnects_AreNumberedAlikeInAllTracks(int seed)
    {
        var random = new Random(seed);
        FragmentBroadcaster[] tracks =
        [
            Open("video", TrackKind.Video), Open("480p", TrackKind.Video), Open("240p", TrackKind.Video), Open("audio", TrackKind.Audio),
        ];
        RecordingSink[] sinks = [.. tracks.Select(static _ => new RecordingSink())];
        FragmentSubscription[] subscriptions = [.. tracks.Select(static track => track.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue)))];
        Task[] packaging = [.. subscriptions.Zip(sinks, (subscription, sink) =>
            new TrackPackager(_session, _fragments.Pool, sink, TimeProvider.System).RunAsync(subscription, CancellationToken.None))];

        double start = 0;
        for (int connection = 0; connection <= Reconnects; connection++)
        {
            double seconds = 0.5 + (random.NextDouble() * 5);
            Send(tracks, start, seconds, isDiscontinuity: connection > 0, random);
            start += seconds;
            double hole = random.Next(3) * random.NextDouble() * 3;
            for (double told = 0.5; told < hole && random.Next(2) == 0; told += 0.5)
            {
                Tell(tracks, start + told);
            }

            start += hole;

            // The grid remembers five minutes: nobody may be further behind. Audio that is ahead waits for the video.
            await Eventually.TrueAsync(() => Array.TrueForAll(subscriptions, static subscription => subscription.QueuedSeconds < 0.2), "all was read");
        }

        _session.Grid.End();
        Array.ForEach(tracks, track => _registry.Remove(track));
        await Task.WhenAll(packaging).WaitAsync(Eventually.Patience);

        (long, bool)[] video = [.. HeadsOf(sinks[0])];
        Assert.True(video.Count(static head => head.Item2) >= Reconnects * 0.9, "reconnects so close that no keyframe lies between them share one");
        foreach (RecordingSink sink in sinks)
        {
            (long, bool)[] heads = [.. HeadsOf(sink)];
            int common = Math.Min(heads.Length, video.Length);
            Assert.InRange(common, video.Length - 1, video.Length);
            Assert.Equal(video[..common], heads[..common]);
        }

        Array.ForEach(sinks, static sink => sink.Dispose());
    }

    private static IEnumerable<(long MediaSequence, bool IsDiscontinuity)> HeadsOf(RecordingSink sink) =>
        sink.Segments.Concat(sink.Lost.Select(static lost => lost.Head)).Select(static head => (head.MediaSequence, head.IsDiscontinuity)).OrderBy(static head => head.MediaSequence);

    private FragmentBroadcaster Open(string name, TrackKind kind) => _registry.GetOrCreate(new TrackKey(_session.Broadcast, name), kind, _session);

    /// <summary>One connection's media: the publisher's video, renditions that change their init when they like, audio that begins and ends elsewhere.</summary>
    private void Send(FragmentBroadcaster[] tracks, double start, double seconds, bool isDiscontinuity, Random random)
    {
        int pictures = (int)(seconds * 25);
        long first = (long)(start * 90000);
        for (int track = 0; track < 3; track++)
        {
            TrackDescription description = track > 0 && random.Next(3) == 0 ? FragmentFactory.Changed(FragmentFactory.Video) : FragmentFactory.Video;
            for (int picture = 0; picture < pictures; picture++)
            {
                Fragment fragment = _fragments.Of(
                    description, isDiscontinuity && picture == 0, new Sample(first + (picture * 3600L), 0, 3600, picture % 25 == 0, 0, 4));
                if (track == 0)
                {
                    _session.Grid.Observe(fragment);
                }

                tracks[track].Publish(fragment);
            }
        }

        long sound = (long)((start + (random.NextDouble() * 0.1)) * 48000);
        int frames = (int)((seconds - (random.NextDouble() * 0.2)) * 48000 / 1024);
        for (int frame = 0; frame < frames; frame++)
        {
            tracks[3].Publish(_fragments.Of(
                FragmentFactory.Audio, isDiscontinuity && frame == 0, new Sample(sound + (frame * 1024L), 0, 1024, true, 0, 4)));
        }
    }

    private void Tell(FragmentBroadcaster[] tracks, double until)
    {
        var end = new MediaTime((long)(until * 90000), 90000);
        _session.Grid.PassOver(end);
        foreach (FragmentBroadcaster track in tracks)
        {
            track.Publish(Fragment.Absence(FragmentFactory.Video, new MediaTime(end.Ticks - 45000, 90000), end, noticedAt: 1));
        }
    }
}
