using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Bench.Scheduling;

/// <summary>The reference: one thread that decodes, scales and encodes, with one encoder that stays open. No drains, no leases, no chunks.</summary>
internal static class OneEncoder
{
    /// <returns>Seconds from the first fragment to the last sample.</returns>
    public static Task<double> RunAsync(Codecs codecs, SourceMedia media, Rendition rendition, string? writeTo) =>
        Task.Factory.StartNew(() => RunOnThreadAsync(codecs, media, rendition, writeTo), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private static async Task<double> RunOnThreadAsync(Codecs codecs, SourceMedia media, Rendition rendition, string? writeTo)
    {
        PayloadPool payloads = new();
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        RenditionFiles? files = writeTo is null ? null : new RenditionFiles(registry, payloads, writeTo);
        await using DevicePool devices = DevicePool.Open(
            new DevicePlan(), codecs, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
        double seconds = Transcode(codecs, media, rendition, registry, new EncoderFactory(devices, payloads, LadderPlan.Tuning, threadsMax: 1), payloads);
        if (files is not null)
        {
            await files.WhenWrittenAsync();
        }

        return seconds;
    }

    private static double Transcode(
        Codecs codecs, SourceMedia media, Rendition rendition, FragmentBroadcasterRegistry registry, EncoderFactory settings, PayloadPool payloads)
    {
        BroadcastSession session = new(BroadcastId.Parse("bench/reference"), new SegmentGrid(segmentSeconds: 2), PartTarget.Fixed(0.5), TimeProvider.System.GetUtcNow());
        FrameSpacing spacing = new();
        using SourceDecoder decoder = new(codecs, settings.Devices.Decoders, session, [rendition], spacing, threads: 1, NullLogger.Instance);
        using Output output = new(codecs, registry, session, rendition, settings, payloads);
        long began = Stopwatch.GetTimestamp();
        foreach (Fragment fragment in media.Fragments)
        {
            session.Grid.Observe(fragment);
            spacing.Learn(fragment);
        }

        for (int number = 0; number < media.Fragments.Count; number++)
        {
            // What the registry numbers in a broadcast.
            using Fragment fragment = media.Fragments[number].Share();
            fragment.Sequence = number;
            decoder.TryQueue(fragment);
            while (decoder.TryDecodeNext(out IReadOnlyList<LadderPicture> pictures))
            {
                output.Encode(pictures, decoder.Rungs[0]);
            }
        }

        output.Encode(decoder.Drain(), decoder.Rungs[0]);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private sealed class Output(
        Codecs codecs, FragmentBroadcasterRegistry registry, BroadcastSession session, Rendition rendition, EncoderFactory settings, PayloadPool payloads) : IDisposable
    {
        private IVideoEncoder? _encoder;
        private FragmentBroadcaster? _track;

        public void Encode(IReadOnlyList<LadderPicture> pictures, Rung rung)
        {
            foreach (LadderPicture picture in pictures)
            {
                using Picture copy = picture.Take(rung: 0);
                _encoder ??= codecs.OpenEncoder(settings.SettingsFor(rung, picture, copy), payloads, "reference");
                _encoder.Send(copy, picture.StartsChunk);
                while (_encoder.TryReceive(out EncodedSample? sample))
                {
                    Publish(sample, picture.Timing.Duration);
                }
            }
        }

        public void Dispose()
        {
            _encoder?.Dispose();
            if (_track is not null)
            {
                registry.Remove(_track);
            }
        }

        private void Publish(EncodedSample sample, int ticks)
        {
            _track ??= registry.GetOrCreate(new TrackKey(session.Broadcast, rendition.Name), TrackKind.Video, session, rendition.Name, _encoder!.Track);
            Sample coded = new(sample.PresentationTime, 0, ticks, sample.IsKeyframe, 0, sample.Payload.Memory.Length);
            _track.Publish(new Fragment(_encoder!.Track!, [coded], sample.Payload, receivedAt: 0));
        }
    }
}
