using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Takes in one mdat: of its bytes, those that samples lie in.</summary>
internal sealed class MdatFiller : IDisposable
{
    private readonly int _windowStart;
    private readonly int _windowEnd;
    private long _position;

    private MdatFiller(PayloadHold payload, int windowStart, int windowEnd, long position)
    {
        Payload = payload;
        _windowStart = windowStart;
        _windowEnd = windowEnd;
        _position = position;
    }

    /// <summary>The samples' bytes; whole once the mdat is.</summary>
    public PayloadHold Payload { get; }

    /// <summary>Rents the memory, once it is sure that all samples lie in the mdat and that it is not too large.</summary>
    /// <param name="pool">Lends the memory.</param>
    /// <param name="limits">How much there may be.</param>
    /// <param name="pending">The trafs of the moof before, or the tracks of the moov; at least one.</param>
    /// <param name="header">The mdat's.</param>
    /// <param name="mdatOffset">Where the mdat begins in the body.</param>
    /// <param name="moofOffset">Where the moof or moov began.</param>
    public static MdatFiller Begin(
        PayloadPool pool, IngestLimits limits, List<PendingFragment> pending, in BoxHeader header, long mdatOffset, long moofOffset)
    {
        if (header.PayloadBytes > limits.MaxFragmentBytes)
        {
            throw new IngestRejectedException(
                IngestRejectReason.FragmentTooLarge,
                $"the fragment's mdat has {header.PayloadBytes} bytes; Ingest:MaxFragmentBytes allows {limits.MaxFragmentBytes}. " +
                "Let the publisher write shorter fragments (ffmpeg: -frag_duration 500000), or raise the limit.",
                mdatOffset,
                "mdat");
        }

        long start = mdatOffset + header.HeaderBytes - moofOffset;
        long end = start + header.PayloadBytes;
        int windowStart = int.MaxValue;
        int windowEnd = 0;
        foreach (PendingFragment fragment in pending)
        {
            foreach (ref readonly Sample sample in fragment.Samples.AsSpan())
            {
                int sampleEnd = sample.Offset + sample.Bytes;
                if (sample.Offset < start || sampleEnd > end)
                {
                    throw Outside(fragment, sample, moofOffset, start, end);
                }

                windowStart = Math.Min(windowStart, sample.Offset);
                windowEnd = Math.Max(windowEnd, sampleEnd);
            }
        }

        return new MdatFiller(pool.Rent(windowEnd - windowStart), windowStart, windowEnd, start);
    }

    /// <summary>The next bytes of the mdat.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        long from = Math.Max(_position, _windowStart);
        long to = Math.Min(_position + bytes.Length, _windowEnd);
        if (from < to)
        {
            bytes[(int)(from - _position)..(int)(to - _position)].CopyTo(Payload.Writable.Span[(int)(from - _windowStart)..]);
        }

        _position += bytes.Length;
    }

    /// <summary>The samples with offsets that count from the payload's start.</summary>
    public Sample[] Place(ArraySegment<Sample> samples)
    {
        Sample[] placed = samples.Count == samples.Array!.Length ? samples.Array : samples.ToArray();
        for (int index = 0; index < placed.Length; index++)
        {
            placed[index] = placed[index] with { Offset = placed[index].Offset - _windowStart };
        }

        return placed;
    }

    public void Dispose() => Payload.Dispose();

    private static IngestRejectedException Outside(
        in PendingFragment fragment, in Sample sample, long moofOffset, long start, long end) => new(
        IngestRejectReason.SampleOutsideMdat,
        $"a sample of track {fragment.Track.TrackId} lies at bytes {moofOffset + sample.Offset} " +
        $"to {moofOffset + sample.Offset + sample.Bytes} of the body, " +
        $"but the mdat behind its {(fragment.TrafIndex == PendingFragment.OfMoov ? "moov" : "moof")} has bytes {moofOffset + start} to {moofOffset + end}. The publisher counts its " +
        "data offsets from somewhere else: " +
        "let it count from the moof (ffmpeg: -movflags +default_base_moof).",
        fragment.Offset,
        fragment.Path);
}
