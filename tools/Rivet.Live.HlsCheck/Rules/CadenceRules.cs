using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>When things come, how long they stay, how much there is.</summary>
internal static class CadenceRules
{
    public static Rule[] All { get; } =
    [
        new(9, "6.2.1", "The next part comes within one PART-TARGET of the one before, a segment within 1.5 target durations", Cadence),
        new(10, "6.2.2", "A live playlist is never shorter than three target durations", LeastDuration),
        new(11, "4.4.4.9, 6.2.6", "Parts are listed near the end only, and can be fetched for three target durations after their tags went", PartRetention),
        new(12, "6.2.2", "A delisted segment can be fetched for its duration and that of the longest playlist that listed it", SegmentRetention),
        new(13, "Apple 14.2", "PART-TARGET is not shorter than a round trip; one second is recommended", RoundTrip),
        new(14, "Apple 1, 6.2.4", "Keyframes come every two seconds or more often, and all variants share one audio", Keyframes),
    ];

    private static void Cadence(Evidence evidence, Findings findings)
    {
        foreach (Rendition rendition in evidence.Playable)
        {
            Reload[] reloads = [.. rendition.Reloads.Where(static reload => reload.Playlist is not null)];
            (TimeSpan part, TimeSpan segment) = (TimeSpan.Zero, TimeSpan.Zero);
            for (int index = 0; index < reloads.Length; index++)
            {
                MediaPlaylist playlist = reloads[index].Playlist!;
                TimeSpan at = reloads[index].Exchange.LastByte;
                MediaPlaylist? before = index > 0 ? reloads[index - 1].Playlist : null;
                if (before is null || playlist.IsEnded)
                {
                    (part, segment) = (at, at);
                    continue;
                }

                // The end is not a stall: what is asked of is how long nothing had come when something did.
                if (playlist.PartTarget is { } partTarget && playlist.Last > before.Last)
                {
                    Late(findings, rendition, $"{playlist.Last}", at - part, partTarget, evidence.Slack);
                    part = at;
                }

                if (playlist.LastComplete?.Sequence > (before.LastComplete?.Sequence ?? -1))
                {
                    Late(findings, rendition, $"segment {playlist.LastComplete.Sequence}", at - segment, 1.5m * (playlist.TargetDuration ?? 0), evidence.Slack);
                    segment = at;
                }
            }

            if (reloads.Length > 1 && rendition is { IsEnded: false, IsLowLatency: true })
            {
                // A stall that outlasts the watch is one too.
                Late(findings, rendition, "what should have come next", evidence.Seen.Ended - part, Math.Max(rendition.Latest!.PartTarget ?? 0, 3 * (rendition.Latest.TargetDuration ?? 0)), evidence.Slack);
            }
        }
    }

    private static void Late(Findings findings, Rendition rendition, string what, TimeSpan after, decimal limit, TimeSpan slack) => findings.Must(
        after <= TimeSpan.FromSeconds((double)limit) + slack, $"{rendition} {what}", Invariant($"{after.TotalSeconds:0.000} s after the one before"), Invariant($"within {limit} s (and {slack.TotalSeconds} s of slack)"));

    private static void LeastDuration(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, MediaPlaylist playlist) in evidence.Playlists.Where(static pair => !pair.Playlist.IsEnded))
        {
            findings.Must(
                playlist.Duration >= 3 * playlist.TargetDuration, $"{rendition}", Invariant($"{playlist.Duration} s listed"), Invariant($"at least {3 * playlist.TargetDuration}"));
        }
    }

    private static void PartRetention(Evidence evidence, Findings findings)
    {
        if (!evidence.LowLatency.Any())
        {
            findings.NotApplicable("there are no parts");
        }

        foreach ((Rendition rendition, MediaPlaylist playlist) in evidence.Playlists.Where(static pair => pair.Playlist is { IsEnded: false, PartTarget: not null }))
        {
            decimal behind = 0;
            foreach (SegmentEntry segment in playlist.Segments.Reverse())
            {
                // One segment of grace: the tags go when the segment's beginning has left the stretch.
                findings.Should(
                    segment.Parts.IsEmpty || behind <= 4 * playlist.TargetDuration, Evidence.At(rendition, segment), Invariant($"parts listed {behind} s from the end"), Invariant($"none beyond three target durations ({3 * playlist.TargetDuration} s)"));
                behind += segment.Duration;
            }
        }

        foreach ((Rendition rendition, MediaFetch fetch) in evidence.Media(MediaKind.DelistedPart))
        {
            findings.Must(fetch.Exchange.IsOk, $"{fetch.Exchange.Uri}", $"{fetch.Exchange.Outcome} after its tag went from {rendition}", "to be had for three target durations more");
        }
    }

    private static void SegmentRetention(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, MediaFetch fetch) in evidence.Media(MediaKind.DelistedSegment))
        {
            findings.Must(fetch.Exchange.IsOk, $"{fetch.Exchange.Uri}", $"{fetch.Exchange.Outcome} after {rendition} had delisted it", "to be had for its duration and the longest playlist's");
        }
    }

    private static void RoundTrip(Evidence evidence, Findings findings)
    {
        // Until the first byte of what nothing has to be waited for; the median, since the checker's own machine may be busy.
        TimeSpan[] trips = [.. evidence.Playable.SelectMany(static rendition => rendition.Probes)
            .Where(static probe => probe.Kind is ProbeKind.Head or ProbeKind.MediaRange or ProbeKind.UnknownMedia or ProbeKind.PartAlone)
            .Select(static probe => probe.Exchange)
            .Concat(evidence.Media(MediaKind.Init, MediaKind.Segment, MediaKind.Part).Where(static pair => !pair.Fetch.IsHint).Select(static pair => pair.Fetch.Exchange))
            .Select(static exchange => exchange.FirstByte - exchange.Asked).Order()];
        foreach (Rendition rendition in trips.Length == 0 ? [] : evidence.LowLatency)
        {
            decimal target = rendition.Playlists.First(static playlist => playlist.PartTarget is not null).PartTarget!.Value;
            TimeSpan median = trips[trips.Length / 2];
            findings.Must(median.TotalSeconds <= (double)target, $"{rendition}", Invariant($"a round trip of {median.TotalSeconds:0.000} s"), Invariant($"at most PART-TARGET {target}"));
        }

        if (!evidence.LowLatency.Any())
        {
            findings.NotApplicable("there are no parts");
        }
    }

    private static void Keyframes(Evidence evidence, Findings findings)
    {
        foreach (Rendition rendition in evidence.Playable)
        {
            double? last = null;
            long expected = -1;
            foreach ((SegmentEntry segment, MediaFetch whole, _) in evidence.Runs(rendition))
            {
                // Across a gap, a discontinuity or what was not fetched nothing can be told.
                last = segment.IsDiscontinuity || segment.Sequence != expected ? null : last;
                expected = segment.Sequence + 1;
                IEnumerable<MediaFetch> parts = rendition.Media.Where(fetch => fetch.Kind == MediaKind.Part && fetch.Sequence == segment.Sequence).OrderBy(static fetch => fetch.Part);
                foreach (Media.TrackRun run in parts.Append(whole).Select(fetch => evidence.LeadOf(rendition, fetch)).OfType<Media.TrackRun>().Where(static run => run is { BeginsWithSync: true, Track.IsVideo: true }))
                {
                    double start = (double)run.Start / run.Track.Timescale;
                    findings.Should(last is null || start - last <= 2.1, Evidence.At(rendition, segment), Invariant($"{start - last:0.00} s between keyframes"), "two seconds at most");
                    last = last is null ? start : Math.Max(last.Value, start);
                }
            }
        }

        if (evidence.Master is { } master)
        {
            string[] audios = [.. master.Variants.Select(variant => string.Join(' ', master.AudioOf(variant).Select(static uri => uri.ToString()).Order())).Distinct()];
            findings.Should(audios.Length <= 1, $"{master.Uri}", $"{audios.Length} different sets of audio renditions", "the same audio in all variants");
        }
    }
}
