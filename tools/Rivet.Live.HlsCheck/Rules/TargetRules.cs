using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>Target durations, part targets and what is worked out from them: constant, equal, kept.</summary>
internal static class TargetRules
{
    private const decimal LeastShare = 0.85m;

    public static Rule[] All { get; } =
    [
        new(1, "6.2.1, 6.2.4", "EXT-X-TARGETDURATION never changes and is the same in every rendition", ConstantTarget),
        new(2, "4.4.3.1", "Each EXTINF rounded to the nearest second is at most the target duration", SegmentDurations),
        new(3, "4.4.4.9", "Each part's DURATION is at most PART-TARGET", PartDurations),
        new(4, "4.4.4.9", "Each part lasts at least 85 % of PART-TARGET, but INDEPENDENT and GAP ones, those before a GAP and the last of a segment", ShortParts),
        new(5, "6.2.1, 6.2.4", "PART-TARGET and SERVER-CONTROL never change and are the same in every rendition", ConstantControl),
        new(6, "4.4.3.8, Apple 14.3", "PART-HOLD-BACK stands beside PART-INF and is at least three times the largest PART-TARGET", PartHoldBack),
        new(7, "4.4.3.8", "HOLD-BACK is at least three target durations, and the first playlist holds no less than PART-HOLD-BACK", HoldBack),
        new(8, "4.4.3.8, Apple 14.4", "CAN-SKIP-UNTIL is at least six target durations", SkipBoundary),
    ];

    private static void ConstantTarget(Evidence evidence, Findings findings)
    {
        decimal? first = evidence.Playlists.Select(static pair => pair.Playlist.TargetDuration).FirstOrDefault(static target => target is not null);
        foreach ((_, MediaPlaylist playlist) in evidence.Playlists)
        {
            findings.Must(playlist.TargetDuration == first, Evidence.At(playlist, "EXT-X-TARGETDURATION"), Invariant($"{playlist.TargetDuration}"), Invariant($"{first}, as first seen"));
        }
    }

    private static void SegmentDurations(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, SegmentEntry segment) in evidence.Segments)
        {
            if (segment.IsComplete && rendition.Latest!.TargetDuration is { } target)
            {
                decimal rounded = Math.Round(segment.Duration, MidpointRounding.AwayFromZero);
                findings.Must(rounded <= target, Evidence.At(rendition, segment), Invariant($"EXTINF {segment.Duration}"), Invariant($"rounded at most {target}"));
            }
        }
    }

    private static void PartDurations(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, SegmentEntry segment, PartEntry part, decimal target) in Parts(evidence, findings))
        {
            findings.Must(part.Duration <= target, Evidence.At(rendition, segment, part), Invariant($"DURATION {part.Duration}"), Invariant($"at most PART-TARGET {target}"));
        }
    }

    private static void ShortParts(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, SegmentEntry segment, PartEntry part, decimal target) in Parts(evidence, findings))
        {
            bool isLast = part.Index == segment.Parts.Length - 1;
            if (!part.IsIndependent && !part.IsGap && !isLast && !segment.Parts[part.Index + 1].IsGap)
            {
                findings.Must(
                    part.Duration >= LeastShare * target, Evidence.At(rendition, segment, part), Invariant($"DURATION {part.Duration}"), Invariant($"at least {LeastShare * target}"));
            }
        }

        if (findings.Checked == 0 && evidence.LowLatency.Any())
        {
            findings.NotApplicable("every part is one of the exceptions");
        }
    }

    private static void ConstantControl(Evidence evidence, Findings findings)
    {
        MediaPlaylist[] live = [.. evidence.Playlists.Select(static pair => pair.Playlist).Where(static playlist => !playlist.IsEnded)];
        if (evidence.Playlists.All(static pair => pair.Playlist.ServerControl is null))
        {
            findings.NotApplicable("there is no EXT-X-SERVER-CONTROL");
            return;
        }

        MediaPlaylist first = live.FirstOrDefault() ?? evidence.Playlists.First(static pair => pair.Playlist.ServerControl is not null).Playlist;
        foreach ((_, MediaPlaylist playlist) in evidence.Playlists.Where(static pair => !pair.Playlist.IsEnded || pair.Playlist.ServerControl is not null))
        {
            findings.Must(
                playlist.ServerControl?.ToString() == first.ServerControl?.ToString(), Evidence.At(playlist, "EXT-X-SERVER-CONTROL"), $"{playlist.ServerControl}", $"{first.ServerControl}, as first seen");
        }

        foreach ((_, MediaPlaylist playlist) in evidence.Playlists.Where(static pair => !pair.Playlist.IsEnded || pair.Playlist.PartTarget is not null))
        {
            findings.Must(
                playlist.PartTarget == first.PartTarget, Evidence.At(playlist, "EXT-X-PART-INF"), Invariant($"PART-TARGET {playlist.PartTarget}"), Invariant($"{first.PartTarget}, as first seen"));
        }
    }

    private static void PartHoldBack(Evidence evidence, Findings findings)
    {
        NeedsParts(evidence, findings);
        decimal largest = evidence.Playlists.Max(static pair => pair.Playlist.PartTarget) ?? 0;
        foreach ((_, MediaPlaylist playlist) in evidence.Playlists.Where(static pair => pair.Playlist.PartTarget is not null))
        {
            decimal? holdBack = playlist.ServerControl?.Decimal("PART-HOLD-BACK");
            findings.Must(
                holdBack >= 3 * largest, Evidence.At(playlist, "EXT-X-SERVER-CONTROL"), Invariant($"PART-HOLD-BACK {holdBack}"), Invariant($"at least {3 * largest}"));
        }
    }

    private static void HoldBack(Evidence evidence, Findings findings)
    {
        foreach ((_, MediaPlaylist playlist) in evidence.Playlists)
        {
            if (playlist.ServerControl?.Decimal("HOLD-BACK") is { } holdBack)
            {
                findings.Must(
                    holdBack >= 3 * playlist.TargetDuration, Evidence.At(playlist, "EXT-X-SERVER-CONTROL"), Invariant($"HOLD-BACK {holdBack}"), Invariant($"at least {3 * playlist.TargetDuration}"));
            }
        }

        foreach (Rendition rendition in evidence.LowLatency)
        {
            MediaPlaylist first = rendition.Playlists.First();
            if (!first.IsEnded && first.ServerControl?.Decimal("PART-HOLD-BACK") is { } partHoldBack)
            {
                findings.Must(first.Duration >= partHoldBack, $"{rendition}", Invariant($"{first.Duration} s in the first playlist"), Invariant($"at least PART-HOLD-BACK {partHoldBack}"));
            }
        }
    }

    private static void SkipBoundary(Evidence evidence, Findings findings)
    {
        foreach ((_, MediaPlaylist playlist) in evidence.Playlists)
        {
            if (playlist.CanSkipUntil is { } boundary)
            {
                findings.Must(
                    boundary >= 6 * playlist.TargetDuration, Evidence.At(playlist, "EXT-X-SERVER-CONTROL"), Invariant($"CAN-SKIP-UNTIL {boundary}"), Invariant($"at least {6 * playlist.TargetDuration}"));
                findings.Should(
                    playlist.DateRanges.IsEmpty || playlist.ServerControl!.IsYes("CAN-SKIP-DATERANGES"), Evidence.At(playlist, "EXT-X-SERVER-CONTROL"), "date ranges that deltas cannot skip", "CAN-SKIP-DATERANGES=YES (Apple 14.5)");
            }
            else if (!playlist.IsEnded)
            {
                findings.Should(playlist.Duration <= 120, Evidence.At(playlist, "EXT-X-SERVER-CONTROL"), Invariant($"{playlist.Duration:0} s without CAN-SKIP-UNTIL"), "delta updates where the window is longer than two minutes");
            }
        }
    }

    private static IEnumerable<(Rendition Rendition, SegmentEntry Segment, PartEntry Part, decimal Target)> Parts(Evidence evidence, Findings findings)
    {
        NeedsParts(evidence, findings);
        return from pair in evidence.Segments
               where pair.Rendition.IsLowLatency
               let target = pair.Rendition.Playlists.First(static playlist => playlist.PartTarget is not null).PartTarget!.Value
               from part in pair.Segment.Parts
               select (pair.Rendition, pair.Segment, part, target);
    }

    private static void NeedsParts(Evidence evidence, Findings findings)
    {
        if (!evidence.LowLatency.Any())
        {
            findings.NotApplicable("there are no parts");
        }
    }
}
