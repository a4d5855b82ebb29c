using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Reads a moov into the state that its fragments are read with.</summary>
internal static class MoovReader
{
    /// <summary>The tracks, at least one, in the order of the moov.</summary>
    public static List<IngestTrackState> Read(BoxCursor moov, IngestLimits limits)
    {
        RequireTracks(moov, limits);
        if (!moov.TryFind(BoxType.Mvex, out BoxCursor mvex))
        {
            throw moov.Reject(
                IngestRejectReason.NotFragmented,
                "'moov' has no 'mvex' box, so this is an ordinary MP4 file and no fragmented stream. " +
                "Have the publisher write fragments (ffmpeg: -movflags +frag_keyframe+empty_moov+default_base_moof).");
        }

        BoxCursor mvhd = moov.Find(BoxType.Mvhd);
        mvhd.Require(Mvhd.TryRead(mvhd.Payload, out Mvhd movie));
        RequireTimescale(mvhd, movie.Timescale, limits);

        List<IngestTrackState> tracks = [];
        BoxCursor children = moov;
        while (children.TryNextChild(out BoxCursor child))
        {
            if (child.Type == BoxType.Trak)
            {
                tracks.Add(ReadTrack(child, mvex, movie.Timescale, tracks, limits));
            }
        }

        return tracks;
    }

    private static void RequireTracks(BoxCursor moov, IngestLimits limits)
    {
        BoxCursor children = moov;
        int tracks = 0;
        while (children.TryNextChild(out BoxCursor child))
        {
            if (child.Type == BoxType.Trak && ++tracks > limits.MaxTracks)
            {
                throw child.Reject(
                    IngestRejectReason.TooManyTracks,
                    $"'moov' has more than {limits.MaxTracks} tracks, the most that one broadcast may have. Leave some out, or push " +
                    "a second broadcast.");
            }
        }

        if (tracks == 0)
        {
            throw moov.Reject(
                IngestRejectReason.NoTracks,
                "'moov' has no 'trak' box, so there is nothing to publish. Give the publisher's muxer at least one video or audio stream.");
        }
    }

    private static IngestTrackState ReadTrack(
        BoxCursor trak, BoxCursor mvex, uint movieTimescale, List<IngestTrackState> earlier, IngestLimits limits)
    {
        BoxCursor tkhd = trak.Find(BoxType.Tkhd);
        tkhd.Require(Tkhd.TryRead(tkhd.Payload, out Tkhd header));
        if (header.TrackId == 0 || earlier.Exists(track => track.TrackId == header.TrackId))
        {
            throw tkhd.Reject(
                IngestRejectReason.MalformedBox,
                $"track_ID is {header.TrackId}; every track needs its own, greater than 0. The publisher's muxer is broken.");
        }

        BoxCursor mdia = trak.Find(BoxType.Mdia);
        BoxCursor mdhd = mdia.Find(BoxType.Mdhd);
        mdhd.Require(Mdhd.TryRead(mdhd.Payload, out Mdhd media));
        RequireTimescale(mdhd, media.Timescale, limits);
        BoxCursor hdlr = mdia.Find(BoxType.Hdlr);
        hdlr.Require(Hdlr.TryRead(hdlr.Payload, out Hdlr handler));
        TrackKind kind = handler.Handler == BoxType.Vide ? TrackKind.Video
            : handler.Handler == BoxType.Soun ? TrackKind.Audio
            : TrackKind.Other;

        BoxCursor stsd = mdia.Find(BoxType.Minf).Find(BoxType.Stbl).Find(BoxType.Stsd);
        TrackDescription description = SampleEntryReader.Read(stsd, kind, media);
        return new IngestTrackState(
            new IngestTrack(header.TrackId, description),
            ReadDefaults(mvex, header.TrackId),
            ReadShift(trak, movieTimescale, media.Timescale));
    }

    /// <summary>A track without trex has no defaults; its fragments must say everything.</summary>
    private static Trex ReadDefaults(BoxCursor mvex, uint trackId)
    {
        while (mvex.TryNextChild(out BoxCursor child))
        {
            if (child.Type == BoxType.Trex)
            {
                child.Require(Trex.TryRead(child.Payload, out Trex trex));
                if (trex.TrackId == trackId)
                {
                    return trex;
                }
            }
        }

        return new Trex(trackId, SampleDescriptionIndex: 1, Duration: 0, Size: 0, Flags: 0);
    }

    private static long ReadShift(BoxCursor trak, uint movieTimescale, uint timescale)
    {
        if (!trak.TryFind(BoxType.Edts, out BoxCursor edts) || !edts.TryFind(BoxType.Elst, out BoxCursor elst))
        {
            return 0;
        }

        elst.Require(Elst.TryRead(elst.Payload, out Elst edits));
        Int128 shift = ((Int128)edits.EmptyDuration * timescale / movieTimescale) - edits.MediaTime;
        if (Int128.Abs(shift) > int.MaxValue)
        {
            throw elst.Reject(
                IngestRejectReason.TimestampOutOfRange,
                $"the edit list moves the track by {shift} ticks of 1/{timescale} s; at most {int.MaxValue} can be kept. " +
                "Let the publisher begin its timestamps at its media's start instead.");
        }

        return (long)shift;
    }

    private static void RequireTimescale(in BoxCursor box, uint timescale, IngestLimits limits)
    {
        if (timescale == 0 || timescale > limits.MaxTimescale)
        {
            throw box.Reject(
                IngestRejectReason.TimestampOutOfRange,
                $"the timescale is {timescale} ticks per second; 1 to {limits.MaxTimescale} can be kept. " +
                "Set another one in the publisher's muxer (ffmpeg: -video_track_timescale 90000).");
        }
    }
}
