using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Bitstream;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>Damaged streams: refused or read and published, never anything else, and never at the cost of memory.</summary>
[Collection(SharedEncoderStreams.Name)]
public sealed class MutatedStreamTests(EncoderStreams streams, ITestOutputHelper output)
{
    private const int AllocatedBytesMax = 8 * 1024 * 1024;

    private const string Messages = "messages";

    private static readonly int InputsPerStream = FuzzLength.Of(1500);

    private static readonly IngestLimits Limits = new() { MaxFragmentBytes = 1024 * 1024, MaxHeaderBoxBytes = 256 * 1024, MaxSamplesPerFragment = 4096 };

    private readonly PayloadPool _pool = new();
    private readonly List<IngestEvent> _events = [];

    public static TheoryData<string> Names =>
    [
        "plain", "separate-moof", "base-data-offset", "dash", "delay-moov-b-frames", "every-frame", "hvc1-opus", "av01", "vp09", "smooth", "ec-3", "short-fragments-prft",
        "moov-with-samples", "sets-in-band", Messages,
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_DamagedAtRandom_IsReadOrRefused(string name) => Try(name, () => null);

    /// <summary>Whatever a publisher's times are: nobody behind ingest meets a sample that does not lie behind the one before.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("delay-moov-b-frames")]
    [InlineData("every-frame")]
    [InlineData("smooth")]
    [InlineData(Messages)]
    public void Stream_DamagedAtRandom_IsPublishedInOrder(string name) => Try(name, static () => new Published());

    private void Try(string name, Func<Published?> publish)
    {
        int seed = Environment.TickCount;
        StreamDamage damage = new(name == Messages ? WithMessages(streams.BytesOf("plain")) : streams.BytesOf(name), new Random(seed));
        int refused = 0;
        int input = 0;
        try
        {
            for (; input < InputsPerStream; input++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                refused += IsRefused(damage, publish()) ? 1 : 0;
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocatedBytesMax);
                Assert.Equal(0, _pool.LentPayloads);
            }
        }
        finally
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: seed {seed}, input {input}, {refused} were refused"));
        }

        // Otherwise the damage was too gentle to try anything.
        Assert.InRange(refused, InputsPerStream / 20, InputsPerStream);
    }

    private bool IsRefused(StreamDamage damage, Published? published)
    {
        ReadOnlySpan<byte> bytes = damage.Next();
        using FragmentReader reader = new(_pool, Limits);
        try
        {
            for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
            {
                int length = Math.Min(damage.NextPieceBytes(), rest.Length);
                reader.Accept(rest[..length], receivedAt: 7, _events);
                rest = rest[length..];
                Assert.InRange(_pool.LentBytes, 0, 2 * Limits.MaxFragmentBytes);
                Pass(published);
            }

            return false;
        }
        catch (IngestRejectedException refusal)
        {
            Assert.NotEmpty(refusal.Detail);
            Assert.InRange(refusal.OffsetBytes, 0, bytes.Length);
            Pass(published);
            return true;
        }
        finally
        {
            published?.End();
        }
    }

    private void Pass(Published? published)
    {
        foreach (IngestEvent happened in _events)
        {
            if (published is not null)
            {
                published.Take(happened);
            }
            else
            {
                (happened as IngestEvent.Media)?.Fragment.Dispose();
            }
        }

        _events.Clear();
    }

    /// <summary>The same stream with what an encoder may say beside it: emsg boxes in front of its first fragment.</summary>
    private static byte[] WithMessages(byte[] stream)
    {
        BoxWriter boxes = new();
        new Emsg(TimedMessages.SpliceScheme, "", 1000, 500, IsAbsolute: true, 250, 1, Convert.FromHexString(SpliceSectionTests.PlacementStart)).Write(boxes);
        new Emsg("urn:example:title", "1", 1000, 500, IsAbsolute: false, 250, 2, "News"u8.ToArray()).Write(boxes);
        int moof = stream.AsSpan().IndexOf("moof"u8) - 4;
        return [.. stream[..moof], .. boxes.WrittenMemory.Span, .. stream[moof..], .. EventTrack.Init(), .. EventTrack.Part(0, 1000, new Emib("urn:example:title", "", 500, 250, 3, [1, 2]))];
    }

    /// <summary>Where fragments go: onto the timeline of a broadcast.</summary>
    private sealed class Published
    {
        private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        private readonly PublishedStream _stream;
        private readonly Dictionary<TrackKey, MediaTime> _ends = [];

        public Published()
        {
            ManualTime time = new();
            PublishingPoint point = new(new BroadcastSession(BroadcastId.Parse("live/a"), new SegmentGrid(2), new PartTarget(0.2, static (_, _) => []), DateTimeOffset.UnixEpoch), time);
            _registry.Observe(track => track.Relay(fragment => Follow(track.Key, fragment)), static _ => { });
            _stream = new Publication(point, _registry, time).Open("");
        }

        public void Take(IngestEvent happened)
        {
            if (happened is IngestEvent.Init init)
            {
                _stream.Open(init.Tracks);
            }
            else if (happened is IngestEvent.Media media)
            {
                _stream.Publish([media], static _ => { });
            }
            else
            {
                _stream.Note(happened);
            }
        }

        public void End()
        {
            _stream.Flush();
            foreach (FragmentBroadcaster track in _registry.Tracks)
            {
                _registry.Remove(track);
            }
        }

        private void Follow(TrackKey track, Fragment fragment)
        {
            using (fragment)
            {
                foreach (Sample sample in fragment.Samples)
                {
                    MediaTime start = new(sample.DecodeTime, fragment.Track.Timescale);
                    Assert.True(!_ends.TryGetValue(track, out MediaTime end) || start >= end, $"{track} has a sample at {start} behind one that ends at {end}");
                    Assert.True(sample.Duration > 0, $"{track} has a sample of no duration at {start}");
                    _ends[track] = new MediaTime(sample.DecodeEnd, fragment.Track.Timescale);
                }
            }
        }
    }
}
