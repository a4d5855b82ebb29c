using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Bench.Ladder;

/// <summary>Writes every rendition of a registry to a file of its own: init, then a part per fragment.</summary>
internal sealed class RenditionFiles
{
    private readonly PayloadPool _payloads;
    private readonly string _folder;
    private readonly List<Task> _writers = [];

    public RenditionFiles(FragmentBroadcasterRegistry registry, PayloadPool payloads, string folder)
    {
        _payloads = payloads;
        _folder = folder;
        registry.Observe(Opened, static _ => { });
    }

    /// <summary>Completes when every rendition has ended and lies on disk.</summary>
    public Task WhenWrittenAsync()
    {
        lock (_writers)
        {
            return Task.WhenAll(_writers);
        }
    }

    private void Opened(FragmentBroadcaster track)
    {
        if (track.Rendition is not { } rendition)
        {
            return;
        }

        FragmentSubscription subscription = track.Subscribe(new SubscriptionBound(double.PositiveInfinity, int.MaxValue));
        lock (_writers)
        {
            _writers.Add(Task.Run(() => WriteAsync(subscription, Path.Combine(_folder, rendition + ".mp4"))));
        }
    }

    private async Task WriteAsync(FragmentSubscription subscription, string path)
    {
        await using FileStream file = File.Create(path);
        uint number = 0;
        while (await subscription.ReadAsync(CancellationToken.None) is { } fragment)
        {
            using (fragment)
            {
                if (number == 0)
                {
                    await file.WriteAsync(InitSegmentWriter.Write(fragment.Track));
                }

                PartSample[] samples = Array.ConvertAll(fragment.Samples, sample => new PartSample(sample, fragment));
                using PayloadHold part = PartWriter.Write(_payloads, ++number, TrackKind.Video, samples);
                await file.WriteAsync(part.Memory);
            }
        }
    }
}
