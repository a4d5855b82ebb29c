using Rivet.Live.HlsCheck.Media;
using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>What stands in media playlists, and whether the media agrees.</summary>
internal static class ContentRules
{
    public static Rule[] All { get; } =
    [
        new(30, "4.4.5.4, B.1", "Every playlist reports every other media playlist, as fresh as itself", Reports),
        new(31, "4.4.4.9", "INDEPENDENT=YES stands exactly at parts that begin with a keyframe", Independent),
        new(32, "4.4.4", "DISCONTINUITY, KEY, MAP and PROGRAM-DATE-TIME stand before the segment's first part", TagOrder),
        new(33, "4.4.4.3, 4.4.3.3, 6.2.1", "What does not continue is behind a DISCONTINUITY; DISCONTINUITY-SEQUENCE counts those removed, equally in all renditions", Discontinuities),
        new(34, "4.4.4.6, 6.2.4", "Every playlist has PROGRAM-DATE-TIME, and all say the same of the same media time", ProgramDateTimes),
        new(35, "4.4.4.7, 6.2.1", "Absent media is a GAP of exactly its duration", Gaps),
        new(36, "4.4.1.2, 7", "EXT-X-VERSION is what the tags need and no more; INDEPENDENT-SEGMENTS is true where it stands", Versions),
        new(40, "4.4.4.8", "EXT-X-BITRATE is within 90 to 110 % of each segment's", Bitrates),
        new(44, "6.2.1", "A live playlist carries no EXT-X-PLAYLIST-TYPE", PlaylistType),
    ];

    private static void Reports(Evidence evidence, Findings findings)
    {
        Rendition[] live = [.. evidence.LowLatency];
        if (live.Length < 2)
        {
            findings.NotApplicable("there is one low-latency media playlist");
            return;
        }

        foreach (Rendition rendition in live)
        {
            foreach (Reload reload in rendition.Reloads.Where(static reload => reload.Playlist is { IsEnded: false }))
            {
                foreach (Rendition other in live.Where(other => other != rendition && !(other.IsEnded && !rendition.IsEnded)))
                {
                    CheckReport(evidence, findings, reload, other);
                }
            }
        }
    }

    private static void CheckReport(Evidence evidence, Findings findings, Reload reload, Rendition other)
    {
        string where = Evidence.At(reload.Playlist!, "EXT-X-RENDITION-REPORT");
        if (reload.Playlist!.Reports.FirstOrDefault(report => report.Uri.GetLeftPart(UriPartial.Path) == other.Uri.GetLeftPart(UriPartial.Path)) is not { } report)
        {
            findings.Must(false, $"{reload.Playlist.Uri}", "no EXT-X-RENDITION-REPORT", $"one for {other}");
            return;
        }

        findings.Must(report.IsRelative, where, $"{report.Uri}", "a relative URI");
        if (report is not { LastSequence: { } sequence, LastPart: { } part })
        {
            findings.Must(false, where, "a report without LAST-MSN and LAST-PART", "both");
            return;
        }

        // Known to anybody who asked a part target earlier; and not yet out of reach of one who asks afterwards.
        Position reported = new(sequence, part);
        TimeSpan early = reload.Exchange.Asked - TimeSpan.FromSeconds((double)(reload.Playlist.PartTarget ?? 0)) - evidence.Slack;
        MediaPlaylist? then = other.Reloads.LastOrDefault(seen => seen.Playlist is { IsEnded: false } && seen.Exchange.LastByte <= early)?.Playlist;
        MediaPlaylist? after = other.Reloads.FirstOrDefault(seen => seen.Playlist is not null && seen.Exchange.Asked >= reload.Exchange.LastByte)?.Playlist;
        findings.Must(then is null || reported >= WithMedia(then), where, $"{other} reported at {reported}", $"{(then is null ? default : WithMedia(then))} or later");
        findings.Must(after is null || reported <= after.Last, where, $"{other} reported at {reported}", $"at most {after?.Last}, which it had later");
    }

    /// <summary>The newest place that has a part: a playlist may end with a segment whose parts are no longer listed.</summary>
    private static Position WithMedia(MediaPlaylist playlist) =>
        playlist.Segments.LastOrDefault(static segment => !segment.Parts.IsEmpty) is { } segment ? new Position(segment.Sequence, segment.Parts.Length - 1) : new Position(0, 0);

    private static void Independent(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, MediaFetch fetch) in evidence.Media(MediaKind.Part))
        {
            PartEntry? part = rendition.Segments.GetValueOrDefault(fetch.Sequence)?.Parts.ElementAtOrDefault(fetch.Part);
            if (part is null || evidence.LeadOf(rendition, fetch) is not { } run)
            {
                continue;
            }

            findings.Must(!part.IsIndependent || run.BeginsWithSync, $"{fetch.Exchange.Uri}", "INDEPENDENT=YES, but its first sample is no sync sample", "a sync sample first");
            findings.Should(part.IsIndependent || !run.BeginsWithSync, $"{fetch.Exchange.Uri}", "begins with a sync sample, without INDEPENDENT=YES", "INDEPENDENT=YES");
        }

        if (!evidence.LowLatency.Any())
        {
            findings.NotApplicable("there are no parts");
        }
    }

    private static void TagOrder(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, SegmentEntry segment) in evidence.Segments.Where(static pair => !pair.Segment.Parts.IsEmpty))
        {
            findings.Must(segment.LateTag is null, $"{rendition}:{segment.LateTag?.Line}", $"{segment.LateTag?.Name} behind a part of segment {segment.Sequence}", "before the first part");
        }
    }

    private static void Discontinuities(Evidence evidence, Findings findings)
    {
        foreach (Rendition rendition in evidence.Playable)
        {
            (SegmentEntry Segment, MediaFetch, TrackRun Run)? before = null;
            foreach ((SegmentEntry Segment, MediaFetch, TrackRun Run) now in evidence.Runs(rendition))
            {
                if (before is { } last && last.Segment.Sequence + 1 == now.Segment.Sequence && !now.Segment.IsDiscontinuity)
                {
                    // Within a frame or so: muxers round.
                    double hole = ((double)now.Run.Start / now.Run.Track.Timescale) - ((double)last.Run.End / last.Run.Track.Timescale);
                    findings.Must(Math.Abs(hole) < 0.1, Evidence.At(rendition, now.Segment), Invariant($"decode times jump by {hole:0.000} s"), "EXT-X-DISCONTINUITY, or no jump");
                    findings.Must(
                        last.Run.Track.Codec?.Split('.')[0] == now.Run.Track.Codec?.Split('.')[0], Evidence.At(rendition, now.Segment), $"from {last.Run.Track.Codec} to {now.Run.Track.Codec}", "EXT-X-DISCONTINUITY where the format changes");
                }

                before = now;
            }

            foreach ((MediaPlaylist older, MediaPlaylist newer) in rendition.Playlists.Zip(rendition.Playlists.Skip(1)))
            {
                SegmentEntry? shared = older.Segments.FirstOrDefault(segment => segment.Sequence == newer.Segments.FirstOrDefault()?.Sequence);
                long? number = newer.Segments.FirstOrDefault()?.DiscontinuityNumber;
                findings.Must(
                    shared is null || shared.DiscontinuityNumber == number, Evidence.At(newer, "EXT-X-DISCONTINUITY-SEQUENCE"), $"segment {shared?.Sequence} is behind {number} discontinuities", $"{shared?.DiscontinuityNumber}, as before");
                findings.Must(
                    newer.DiscontinuitySequence >= older.DiscontinuitySequence, Evidence.At(newer, "EXT-X-DISCONTINUITY-SEQUENCE"), $"{newer.DiscontinuitySequence} after {older.DiscontinuitySequence}", "never less");
            }
        }

        foreach ((Rendition first, SegmentEntry here, Rendition second, SegmentEntry there) in SameTimes(evidence))
        {
            findings.Must(
                here.DiscontinuityNumber == there.DiscontinuityNumber, Evidence.At(second, there), $"behind {there.DiscontinuityNumber} discontinuities", $"{here.DiscontinuityNumber}, as segment {here.Sequence} of {first}");
        }
    }

    /// <summary>Segments of different renditions whose dates are the same within a fraction of the segment.</summary>
    private static IEnumerable<(Rendition First, SegmentEntry Here, Rendition Second, SegmentEntry There)> SameTimes(Evidence evidence)
    {
        Rendition[] renditions = [.. evidence.Playable];
        foreach (Rendition second in renditions.Skip(1))
        {
            SegmentEntry[] dated = [.. second.Segments.Values.Where(static segment => segment.ProgramDateTime is not null)];
            foreach (SegmentEntry here in renditions[0].Segments.Values.Where(static segment => segment.ProgramDateTime is not null))
            {
                double away(SegmentEntry segment) => Math.Abs((segment.ProgramDateTime!.Value - here.ProgramDateTime!.Value).TotalSeconds);

                // The nearest: the end of a gap may be a segment that is shorter than such a fraction.
                if (dated.MinBy(away) is { } there && away(there) < 0.1 * (double)here.Duration)
                {
                    yield return (renditions[0], here, second, there);
                }
            }
        }
    }

    private static void ProgramDateTimes(Evidence evidence, Findings findings)
    {
        Dictionary<long, (double Offset, string Where)> mappings = [];
        foreach (Rendition rendition in evidence.Playable)
        {
            findings.Must(rendition.Segments.Values.Any(static segment => segment.ProgramDateTime is not null), $"{rendition}", "no EXT-X-PROGRAM-DATE-TIME", "one (low-latency profile), in every playlist");
            foreach (SegmentEntry segment in rendition.Segments.Values.Where(static segment => segment.IsDiscontinuity))
            {
                findings.Must(segment.ProgramDateTime is not null, Evidence.At(rendition, segment), "EXT-X-DISCONTINUITY without EXT-X-PROGRAM-DATE-TIME", "both");
            }

            foreach ((SegmentEntry segment, _, TrackRun run) in evidence.Runs(rendition))
            {
                if (segment.ProgramDateTime is not { } date)
                {
                    continue;
                }

                // The date of media time 0, one for each stretch between discontinuities.
                double offset = date.ToUnixTimeMilliseconds() / 1000.0 - run.PresentedSeconds;
                if (mappings.TryGetValue(segment.DiscontinuityNumber, out (double Offset, string Where) known))
                {
                    double apart = Math.Abs(offset - known.Offset);
                    findings.Must(apart < 0.0015, Evidence.At(rendition, segment), Invariant($"{apart * 1000:0.0} ms apart from {known.Where}"), "the same date for the same media time, to the millisecond");
                }
                else
                {
                    mappings[segment.DiscontinuityNumber] = (offset, Evidence.At(rendition, segment));
                }
            }
        }
    }

    private static void Gaps(Evidence evidence, Findings findings)
    {
        if (evidence.Segments.All(static pair => !pair.Segment.IsGap && pair.Segment.Parts.All(static part => !part.IsGap)))
        {
            findings.NotApplicable("nothing is absent");
        }

        foreach (Rendition rendition in evidence.Playable)
        {
            (DateTimeOffset Date, decimal Since, bool IsGap)? dated = null;
            foreach (SegmentEntry segment in rendition.Segments.Values)
            {
                bool isGap = segment.IsGap || segment.Parts.Any(static part => part.IsGap);
                if (segment.ProgramDateTime is { } date)
                {
                    if (dated is { } known && (known.IsGap || isGap) && !segment.IsDiscontinuity)
                    {
                        double off = (date - known.Date).TotalSeconds - (double)known.Since;
                        findings.Must(Math.Abs(off) < 0.1, Evidence.At(rendition, segment), Invariant($"dates are {off:0.000} s further apart than durations across a gap"), "gaps whose durations sum to the hole");
                    }

                    dated = (date, 0, isGap);
                }

                dated = dated is { } open ? (open.Date, open.Since + segment.Duration, open.IsGap || isGap) : null;
                if (segment is { IsComplete: true, Parts.IsEmpty: false })
                {
                    findings.Should(!segment.IsGap || segment.Parts.All(static part => part.IsGap), Evidence.At(rendition, segment), "EXT-X-GAP, but a part without GAP=YES", "GAP=YES on every part");
                }
            }
        }
    }

    private static void Versions(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, MediaPlaylist playlist) in evidence.Playlists)
        {
            int needed = playlist.Has("EXT-X-SKIP") ? 9
                : playlist.Has("EXT-X-DEFINE") ? 8
                : playlist.Has("EXT-X-MAP") && !playlist.IsIFramesOnly ? 6
                : playlist.Has("EXT-X-BYTERANGE") ? 4
                : 3;
            findings.Must((playlist.Version ?? 1) >= needed, Evidence.At(playlist, "EXT-X-VERSION"), Invariant($"{playlist.Version ?? 1}"), Invariant($"{needed} or more for the tags in it"));
            int enough = playlist.CanSkipUntil is not null ? 10 : Math.Max(needed, 9);
            findings.Should((playlist.Version ?? 1) <= enough, Evidence.At(playlist, "EXT-X-VERSION"), Invariant($"{playlist.Version}"), Invariant($"no more than {enough}: older players refuse"));
        }

        foreach (Rendition rendition in evidence.Playable)
        {
            bool isPromised = rendition.Latest!.Has("EXT-X-INDEPENDENT-SEGMENTS") || evidence.Master?.Tags.Any(static tag => tag.Name == "EXT-X-INDEPENDENT-SEGMENTS") == true;
            foreach ((SegmentEntry segment, _, TrackRun run) in isPromised ? evidence.Runs(rendition) : [])
            {
                findings.Must(run.BeginsWithSync, Evidence.At(rendition, segment), "begins with no sync sample, under EXT-X-INDEPENDENT-SEGMENTS", "a sync sample first");
            }
        }
    }

    private static void Bitrates(Evidence evidence, Findings findings)
    {
        if (evidence.Segments.All(static pair => pair.Segment.Bitrate is null))
        {
            findings.NotApplicable("there is no EXT-X-BITRATE");
        }

        foreach ((Rendition rendition, MediaFetch fetch) in evidence.Media(MediaKind.Segment))
        {
            if (fetch is { Exchange.IsOk: true, Range: null } && rendition.Segments.GetValueOrDefault(fetch.Sequence) is { Bitrate: { } bitrate, Duration: > 0 } segment)
            {
                double measured = fetch.Exchange.Body.Length * 8 / (double)segment.Duration / 1000;
                findings.Must(measured >= 0.9 * bitrate && measured <= 1.1 * bitrate, Evidence.At(rendition, segment), Invariant($"EXT-X-BITRATE {bitrate}, measured {measured:0}"), "within 10 %");
            }
        }
    }

    private static void PlaylistType(Evidence evidence, Findings findings)
    {
        foreach ((_, MediaPlaylist playlist) in evidence.Playlists)
        {
            bool isLive = !playlist.IsEnded || playlist.MediaSequence > 0;
            findings.Must(!isLive || !playlist.Has("EXT-X-PLAYLIST-TYPE"), Evidence.At(playlist, "EXT-X-PLAYLIST-TYPE"), "EXT-X-PLAYLIST-TYPE", "none where segments are removed");
        }
    }
}
