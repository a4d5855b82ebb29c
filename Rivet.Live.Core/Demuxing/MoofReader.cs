using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Reads a moof into the sample tables of its trafs.</summary>
internal ref struct MoofReader
{
    private readonly BoxCursor _moof;
    private readonly List<IngestTrackState> _tracks;
    private readonly IngestLimits _limits;
    private int _samplesLeft;
    private long _dataEnd;

    /// <param name="moof">The whole box.</param>
    /// <param name="tracks">What the moov said.</param>
    /// <param name="limits">How many samples there may be.</param>
    public MoofReader(BoxCursor moof, List<IngestTrackState> tracks, IngestLimits limits)
    {
        _moof = moof;
        _tracks = tracks;
        _limits = limits;
        _samplesLeft = limits.MaxSamplesPerFragment;
    }

    /// <summary>Adds what each traf declares; a traf without samples adds nothing.</summary>
    public void Read(List<PendingFragment> pending)
    {
        BoxCursor children = _moof;
        int trafIndex = 0;
        while (children.TryNextChild(out BoxCursor child))
        {
            if (child.Type != BoxType.Traf)
            {
                continue;
            }

            ReadTraf(child, trafIndex, pending);
            trafIndex++;
        }
    }

    private void ReadTraf(BoxCursor traf, int trafIndex, List<PendingFragment> pending)
    {
        BoxCursor box = traf.Find(BoxType.Tfhd);
        box.Require(Tfhd.TryRead(box.Payload, out Tfhd tfhd));
        IngestTrackState track = FindTrack(box, tfhd.TrackId);
        uint descriptionIndex = tfhd.SampleDescriptionIndex ?? track.Defaults.SampleDescriptionIndex;
        if (descriptionIndex > 1)
        {
            throw box.Reject(
                IngestRejectReason.UnsupportedCodec,
                $"the samples use sample entry {descriptionIndex} of their track; only the first can be ingested. " +
                "Send a new moov when the codec's configuration changes.");
        }

        int count = CountSamples(traf);
        if (count == 0)
        {
            return;
        }

        // Without either flag the first traf counts from the moof and each other one from where the data of the one before ends.
        long dataBase = tfhd.BaseDataOffset is ulong fileOffset ? FromMoof(box, fileOffset) : tfhd.DefaultBaseIsMoof ? 0 : _dataEnd;
        long start = ReadDecodeTime(traf, track);
        TrunEntry defaults = new(
            tfhd.Duration ?? track.Defaults.Duration,
            tfhd.Size ?? track.Defaults.Size,
            tfhd.Flags ?? track.Defaults.Flags,
            CompositionOffset: 0);
        Sample[] samples = new Sample[count];
        track.NextDecodeTime = ReadRuns(traf, track, start, dataBase, defaults, samples);
        ArraySegment<Sample> kept = WithoutPriming(track, samples);
        if (kept.Count > 0)
        {
            pending.Add(new PendingFragment(track, kept, trafIndex, traf.Offset));
        }
    }

    private readonly IngestTrackState FindTrack(in BoxCursor tfhd, uint trackId) =>
        _tracks.Find(track => track.TrackId == trackId) ?? throw tfhd.Reject(
            IngestRejectReason.UnknownTrack,
            $"track_ID is {trackId}, but the moov has {string.Join(", ", _tracks.Select(static track => track.TrackId))}. " +
            "Send a moov that has the track before its fragments.");

    private readonly long FromMoof(in BoxCursor tfhd, ulong fileOffset) => fileOffset <= long.MaxValue / 2
        ? (long)fileOffset - _moof.Offset
        : throw tfhd.Reject(
            IngestRejectReason.SampleOutsideMdat,
            $"base_data_offset is {fileOffset}, which no body reaches. Let the publisher count from the moof (ffmpeg: " +
            "-movflags +default_base_moof).");

    private int CountSamples(BoxCursor traf)
    {
        int count = 0;
        while (traf.TryNextChild(out BoxCursor child))
        {
            if (child.Type != BoxType.Trun)
            {
                continue;
            }

            child.Require(Trun.TryRead(child.Payload, out Trun trun));
            if (trun.SampleCount > _samplesLeft)
            {
                throw child.Reject(
                    IngestRejectReason.FragmentTooLarge,
                    $"'trun' declares {trun.SampleCount} samples, so the fragment has more than the {_limits.MaxSamplesPerFragment} " +
                    "that are allowed. " +
                    "Let the publisher write shorter fragments (ffmpeg: -frag_duration 500000).");
            }

            _samplesLeft -= (int)trun.SampleCount;
            count += (int)trun.SampleCount;
        }

        return count;
    }

    private readonly long ReadDecodeTime(BoxCursor traf, IngestTrackState track)
    {
        BoxCursor box = traf;
        Int128 decodeTime = track.NextDecodeTime;
        while (traf.TryNextChild(out BoxCursor child))
        {
            if (child.Type == BoxType.Tfdt)
            {
                child.Require(Tfdt.TryRead(child.Payload, out Tfdt tfdt));
                box = child;
                decodeTime = child.Payload[0] == 0 ? track.Unwrapped((uint)tfdt.BaseMediaDecodeTime) : tfdt.BaseMediaDecodeTime;
                break;
            }

            if (child.Type == BoxType.Uuid && child.UserType == Tfxd.UserType)
            {
                child.Require(Tfxd.TryRead(child.Payload, out Tfxd tfxd));
                box = child;
                decodeTime = tfxd.DecodeTime;
            }
        }

        int timescale = track.Description.Timescale;
        return Int128.Abs(decodeTime) <= (Int128)_limits.MaxDecodeSeconds * timescale
            ? (long)decodeTime
            : throw box.Reject(
                IngestRejectReason.TimestampOutOfRange,
                $"the decode time is {decodeTime} ticks of 1/{timescale} s; at most {_limits.MaxDecodeSeconds} seconds can be kept. " +
                "Let the publisher begin its timestamps near zero or at the wall clock.");
    }

    /// <summary>Fills <paramref name="samples"/> and says where the next fragment begins.</summary>
    private long ReadRuns(
        BoxCursor traf, IngestTrackState track, long decodeTime, long dataBase, in TrunEntry defaults, Span<Sample> samples)
    {
        long start = decodeTime;
        long position = dataBase;
        int index = 0;
        while (traf.TryNextChild(out BoxCursor child))
        {
            if (child.Type != BoxType.Trun)
            {
                continue;
            }

            child.Require(Trun.TryRead(child.Payload, out Trun trun));
            position = trun.DataOffset is int dataOffset ? dataBase + dataOffset : position;
            TrunEntryReader entries = new(trun, child.Payload, defaults);
            for (uint entry = 0; entry < trun.SampleCount; entry++)
            {
                Sample sample = ToSample(child, track, entries.Next(), decodeTime, position, _limits);
                samples[index++] = sample;
                decodeTime += sample.Duration;
                RequireLength(child, track, decodeTime - start, _limits);
                position += sample.Bytes;
            }
        }

        _dataEnd = position;
        return decodeTime;
    }

    /// <summary>A sample as its track's clock has it.</summary>
    /// <param name="trun">The box that has it, for error texts.</param>
    /// <param name="track">Its track.</param>
    /// <param name="entry">What the box says.</param>
    /// <param name="decodeTime">Before the edit list's shift.</param>
    /// <param name="position">Where its bytes begin, counted from the moof.</param>
    /// <param name="limits">How far its times may be apart.</param>
    public static Sample ToSample(in BoxCursor trun, IngestTrackState track, in TrunEntry entry, long decodeTime, long position, IngestLimits limits)
    {
        TrackKind kind = track.Description.Kind;
        long offset = entry.CompositionOffset + (kind == TrackKind.Audio ? 0 : track.Shift);
        long ticksMax = kind == TrackKind.Other ? int.MaxValue : Math.Min(int.MaxValue, (long)limits.MaxReorderSeconds * track.Description.Timescale);
        if (entry.Duration > int.MaxValue || offset < -ticksMax || offset > ticksMax)
        {
            throw trun.Reject(
                IngestRejectReason.TimestampOutOfRange,
                $"a sample lasts {entry.Duration} ticks of 1/{track.Description.Timescale} s and is shown {offset} ticks after its decode time; at most {int.MaxValue} and {ticksMax} can be kept. " +
                "The publisher's timestamps jump: restart it, or regenerate them.");
        }

        if (position < 0 || position + entry.Size > int.MaxValue)
        {
            throw trun.Reject(
                IngestRejectReason.SampleOutsideMdat,
                $"a sample of {entry.Size} bytes lies {position} bytes from its moof, where no mdat of an allowed size can be. " +
                "The publisher's muxer is broken or the bytes were damaged on the way.");
        }

        return new Sample(
            decodeTime + (kind == TrackKind.Audio ? track.Shift : 0),
            (int)offset,
            (int)entry.Duration,
            kind != TrackKind.Video || SampleFlags.IsSync(entry.Flags),
            (int)position,
            (int)entry.Size);
    }

    /// <summary>A fragment of video or audio may last for so many ticks, or is refused; of other tracks nothing is published.</summary>
    public static void RequireLength(in BoxCursor box, IngestTrackState track, long ticks, IngestLimits limits)
    {
        if (track.Description.Kind != TrackKind.Other && ticks > (long)limits.MaxFragmentSeconds * track.Description.Timescale)
        {
            throw box.Reject(
                IngestRejectReason.TimestampOutOfRange,
                $"the fragment's samples last longer than the {limits.MaxFragmentSeconds} s that are allowed. The publisher's timestamps jump: restart it, or let it write shorter fragments (ffmpeg: -frag_duration 500000).");
        }
    }

    /// <summary>Audio that lies wholly before the start, by edit list or by its own time, is priming and no sound.</summary>
    public static ArraySegment<Sample> WithoutPriming(IngestTrackState track, Sample[] samples)
    {
        int dropped = 0;
        if (track.Description.Kind == TrackKind.Audio)
        {
            while (dropped < samples.Length && samples[dropped].DecodeTime < 0 && samples[dropped].DecodeEnd <= 0)
            {
                dropped++;
            }
        }

        return new ArraySegment<Sample>(samples, dropped, samples.Length - dropped);
    }
}
