using System.Globalization;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>What costs an operator quality or latency, in plain words.</summary>
internal static class FindingRules
{
    private const double LongFragmentSeconds = 0.6;

    /// <summary>Half a second more than a segment may be (RFC 8216bis 6.2.1 rounds).</summary>
    private const double GopSlackSeconds = 0.45;

    private const double NoFragmentSeconds = 5;

    private const double ClockOffsetMax = 2;

    private const double SettledSeconds = 2;

    /// <summary>Longer than a segment (DASH-IF Ingest: 1 to 6 s): each one is marked.</summary>
    private const double FillerSeconds = 10;

    public static IReadOnlyList<Finding> Judge(PublicationTraits traits)
    {
        TrackTraits.Snapshot? video = traits.Tracks.FirstOrDefault(static track => track.Track.Kind == TrackKind.Video);
        TrackTraits.Snapshot? audio = traits.Tracks.FirstOrDefault(static track => track.Track.Kind == TrackKind.Audio);
        return [.. new[]
        {
            NoFragments(traits, video),
            LongFragments(traits, video ?? audio),
            video is null ? null : LongGops(traits, video),
            video is null ? null : Reordering(traits.Program, video),
            Priming(traits.Program, video, audio),
            NoEncoderClock(traits),
            ClockOff(traits),
            Pace(traits),
            Filler(traits),
            TooManyMessages(traits),
            LeftOut(traits),
            ClocksApart(traits),
            video is null ? null : BitrateJumps(traits.Program, video),
            video is null ? null : IrregularRate(traits.Program, video),
            video is null ? null : Hevc(traits.Program, video),
        }.OfType<Finding>()];
    }

    private static Finding? NoFragments(PublicationTraits traits, TrackTraits.Snapshot? video)
    {
        if (traits.SecondsSinceInit is not > NoFragmentSeconds || traits.Tracks.Any(static track => track.Seconds > 0))
        {
            return null;
        }

        bool isSoundAlone = video is null && traits.Tracks.Count > 0;
        return Warning(
            "no-fragments",
            $"The tracks have been announced for {NoFragmentSeconds:0} s and no fragment has come{(isSoundAlone ? ": sound alone has no keyframes to cut at" : "")}.",
            traits.Program,
            ffmpeg: "add -frag_duration 500000 (with frag_keyframe alone everything comes at the end)",
            gstreamer: "set mp4mux fragment-duration=500",
            browser: "call MediaRecorder.start(200)",
            other: "let the encoder write a fragment every 0.5 s");
    }

    private static Finding? LongFragments(PublicationTraits traits, TrackTraits.Snapshot? track) =>
        track is not { FragmentSeconds: > LongFragmentSeconds } ? null : Warning(
            "long-fragments",
            Text($"Fragments are {track.FragmentSeconds:0.0} s long, so latency is at least that."),
            traits.Program,
            ffmpeg: traits.SendsSegments
                ? "-f dash: add -ldash 1 -streaming 1 -frag_type duration -frag_duration 0.2; -f hls sends whole segments only, push one long MP4 instead (-f mp4)"
                : "add -frag_duration 200000; in OBS, frag_duration=200000 in the Muxer Settings",
            gstreamer: "set mp4mux fragment-duration=200",
            browser: "call MediaRecorder.start(200)",
            other: "let the encoder write a fragment every 0.2 s");

    private static Finding? LongGops(PublicationTraits traits, TrackTraits.Snapshot video)
    {
        if (video.GopSeconds <= Math.Ceiling(traits.SegmentSeconds) + GopSlackSeconds)
        {
            return null;
        }

        double rate = video.SampleSeconds > 0 ? 1 / video.SampleSeconds : 30;
        double frames = Math.Round(traits.SegmentSeconds * rate);
        return Warning(
            "long-keyframe-interval",
            Text($"{video.GopSeconds:0.0} s pass without a keyframe, and segments of {traits.SegmentSeconds:0.#} s cannot begin without one: 'source' is not offered, and viewers wait to join."),
            traits.Program,
            ffmpeg: Text($"add -g {frames:0}; in OBS, set 'Keyframe interval (frames)' to {frames:0} (its default of 249 overrides g=)"),
            gstreamer: Text($"set x264enc key-int-max={frames:0}"),
            browser: Text($"set videoKeyFrameIntervalDuration: {traits.SegmentSeconds * 1000:0}"),
            other: Text($"send a keyframe every {frames:0} pictures"));
    }

    private static Finding? Reordering(EncoderProgram program, TrackTraits.Snapshot video) =>
        video.Seconds < SettledSeconds || video.ReorderingSeconds < 1.5 * video.SampleSeconds ? null : Remark(
            "b-frames",
            Text($"B-frames hold every picture back by {video.ReorderingSeconds * 1000:0} ms."),
            program,
            ffmpeg: "add -bf 0 (or -tune zerolatency)",
            gstreamer: "set x264enc bframes=0 (or tune=zerolatency)",
            browser: "record H.264 baseline",
            other: "turn B-frames off");

    /// <summary>An encoder's priming that no edit list takes off: muxers then stretch the first picture, or begin sound and picture apart.</summary>
    private static Finding? Priming(EncoderProgram program, TrackTraits.Snapshot? video, TrackTraits.Snapshot? audio)
    {
        if (video?.FirstShown is not { } picture || audio?.FirstShown is not { } sound || video.Seconds < SettledSeconds)
        {
            return null;
        }

        double stretched = video.FirstSampleSeconds - video.SampleSeconds;
        double skew = stretched is > 0.005 and < 0.1 ? stretched : Math.Abs(picture - sound);
        return skew is < 0.005 or > 0.5 ? null : Remark(
            "priming-skew",
            Text($"Sound and picture are {skew * 1000:0} ms apart: the sound encoder's priming is in the stream, and no edit list takes it off."),
            program,
            ffmpeg: "add -movflags +delay_moov (the moov then waits for the first fragment)",
            gstreamer: "no setting helps; it is below what people notice",
            browser: "no setting helps; it is below what people notice",
            other: "write an edit list for the priming");
    }

    private static Finding? NoEncoderClock(PublicationTraits traits) =>
        traits.ClockOffsetSeconds is not null || !traits.Tracks.Any(static track => track.Seconds > SettledSeconds) ? null : Remark(
            "no-prft",
            "The encoder does not say when pictures were taken (no prft box), so latency is measured from here on only.",
            traits.Program,
            ffmpeg: "add -write_prft wallclock",
            gstreamer: "mp4mux cannot; cmafmux of gst-plugins-rs can",
            browser: "MediaRecorder cannot",
            other: "write prft boxes");

    private static Finding? ClockOff(PublicationTraits traits) =>
        traits.ClockOffsetSeconds is not { } offset || Math.Abs(offset) < ClockOffsetMax ? null : new Finding(
            FindingSeverity.Warning,
            "clock-offset",
            Text($"The encoder's clock is {Math.Abs(offset):0.0} s {(offset > 0 ? "ahead of" : "behind")} this server's: let both follow a time server (timedatectl set-ntp true)."));

    private static Finding? Pace(PublicationTraits traits) =>
        traits.Pace is not { } pace ? null : new Finding(
            FindingSeverity.Warning,
            "drifting-clock",
            pace < 1
                ? Text($"{pace:0.00##} s of media come in each second, so viewers run dry: the encoder is too slow for its settings (a faster preset, a smaller picture), or its clock is.")
                : Text($"{pace:0.00##} s of media come in each second, so latency grows in players: send in real time (ffmpeg: -re before each -i), or mend the encoder's clock."));

    private static Finding? Filler(PublicationTraits traits) => traits.SecondsSinceFiller is not < FillerSeconds ? null : new Finding(
        FindingSeverity.Warning, "encoder-input-lost", "The encoder sends filler, since its own input is lost (brand 'slat'): look at what feeds it.");

    private static Finding? TooManyMessages(PublicationTraits traits) => traits.MessagesRefused == 0 ? null : new Finding(
        FindingSeverity.Warning,
        "too-many-messages",
        Text($"{traits.MessagesRefused} emsg boxes came while {DateRanges.Max} date ranges were listed, and are in no playlist: announce less, or shorten Hls:WindowSeconds."));

    private static Finding? LeftOut(PublicationTraits traits) => traits.LeftOut is not { Count: > 0 } entries ? null : Remark(
        "tracks-left-out",
        $"Its tracks of '{string.Join("', '", entries)}' are neither picture nor sound, and no viewer gets them; of such tracks, events ('evte') become date ranges.",
        traits.Program,
        ffmpeg: "add -sn -dn",
        gstreamer: "leave those pads of the muxer unlinked",
        browser: "nothing has to be done",
        other: "leave them out");

    private static Finding? ClocksApart(PublicationTraits traits)
    {
        if (traits.Tracks.FirstOrDefault(static track => track.SecondsApart is not null) is not { SecondsApart: { } seconds } apart)
        {
            return null;
        }

        string kind = apart.Track.Kind == TrackKind.Audio ? "sound" : "picture";
        return Warning(
            "clocks-apart",
            Text($"The times of its {kind} ('{apart.Track.SampleEntryType}') are {Math.Abs(seconds):0} s {(seconds > 0 ? "ahead of" : "behind")} where the other tracks begin, so no viewer gets it."),
            traits.Program,
            ffmpeg: "remove -copyts, or add -use_wallclock_as_timestamps 1 before each -i",
            gstreamer: "set do-timestamp=true at each source",
            browser: "record one MediaStream that has both tracks",
            other: "let all tracks begin on one clock");
    }

    private static Finding? BitrateJumps(EncoderProgram program, TrackTraits.Snapshot video)
    {
        // The last second is not whole.
        long[] seconds = [.. video.SecondsBytes.SkipLast(1).Order()];
        if (seconds.Length < 5)
        {
            return null;
        }

        double usual = seconds[seconds.Length / 2] * 8;
        double most = seconds[^1] * 8;
        return most < 3 * usual || most < 500_000 ? null : Remark(
            "bitrate-jumps",
            Text($"The bit rate jumps from {usual / 1e6:0.0} to {most / 1e6:0.0} Mb/s within seconds, which stalls viewers of 'source' whose network fits the former."),
            program,
            ffmpeg: Text($"cap it: -maxrate {usual / 1000:0}k -bufsize {usual / 1000:0}k"),
            gstreamer: "use x264enc pass=cbr",
            browser: "set videoBitsPerSecond",
            other: "use a constant or capped bit rate");
    }

    private static Finding? IrregularRate(EncoderProgram program, TrackTraits.Snapshot video) =>
        video.Seconds < SettledSeconds || video.LongSampleSeconds < 1.3 * video.ShortSampleSeconds ? null : Remark(
            "irregular-frame-rate",
            Text($"Pictures last from {video.ShortSampleSeconds * 1000:0} to {video.LongSampleSeconds * 1000:0} ms: parts cannot be cut evenly, and motion is not smooth."),
            program,
            ffmpeg: Text($"add -r {Math.Round(1 / Math.Max(video.SampleSeconds, 0.001)):0}"),
            gstreamer: "put videorate before the encoder",
            browser: "keep the page in the foreground; a canvas is recorded when it is drawn",
            other: "encode at a constant frame rate");

    private static Finding? Hevc(EncoderProgram program, TrackTraits.Snapshot video) =>
        video.Track.SampleEntryType is not ("hvc1" or "hev1") ? null : Remark(
            "hevc-source",
            "The picture is HEVC, which Firefox and browsers without a hardware decoder do not play: they get the renditions and not 'source'."
                + (video.Track.SampleEntryType == "hev1" ? " Apple's players want it as hvc1." : ""),
            program,
            ffmpeg: video.Track.SampleEntryType == "hev1" ? "add -tag:v hvc1, or encode with libx264" : "encode with libx264 if 'source' has to play everywhere",
            gstreamer: "use x264enc if 'source' has to play everywhere",
            browser: "record video/mp4;codecs=avc1.42E01F",
            other: "encode H.264 if 'source' has to play everywhere");

    private static Finding Warning(string code, string seen, EncoderProgram program, string ffmpeg, string gstreamer, string browser, string other) =>
        Advise(FindingSeverity.Warning, code, seen, program, ffmpeg, gstreamer, browser, other);

    private static Finding Remark(string code, string seen, EncoderProgram program, string ffmpeg, string gstreamer, string browser, string other) =>
        Advise(FindingSeverity.Info, code, seen, program, ffmpeg, gstreamer, browser, other);

    private static Finding Advise(
        FindingSeverity severity, string code, string seen, EncoderProgram program, string ffmpeg, string gstreamer, string browser, string other)
    {
        string advice = program switch
        {
            EncoderProgram.Ffmpeg => $"ffmpeg: {ffmpeg}",
            EncoderProgram.GStreamer => $"GStreamer: {gstreamer}",
            EncoderProgram.Browser => $"In the page: {browser}",
            _ => $"What to do: {other}",
        };
        return new Finding(severity, code, $"{seen} {advice}.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
