using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>What <c>_HLS_msn</c> and <c>_HLS_part</c> must be answered with.</summary>
internal static class DirectiveRules
{
    public static Rule[] All { get; } =
    [
        new(15, "6.2.5.2", "_HLS_msn alone is answered when the whole segment is listed", WholeSegment),
        new(16, "6.2.5.2", "_HLS_msn and _HLS_part are answered when that part, or a later one, is listed", Reloads),
        new(17, "6.2.5.2", "A part past the end of a closed segment is the first part of the next", RolledOver),
        new(18, "6.2.5.2", "A segment older than the playlist is answered with the playlist at once", OldSequence),
        new(19, "6.2.5.2", "A segment or part too far ahead is answered with 400 at once", TooFar),
        new(20, "6.2.5.2", "_HLS_part without _HLS_msn is answered with 400", PartAlone),
        new(21, "6.2.5.2", "No reload is held for longer than three target durations; then it is 503", LongestHold),
        new(22, "6.2.5.1, 4.4.5.3", "With ENDLIST, directives are ignored and nothing is hinted", Ended),
    ];

    private static void WholeSegment(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in Blocking(evidence, findings, ProbeKind.WholeSegment))
        {
            MustReach(findings, probe.Exchange, probe.Answer, probe.Wanted);
        }
    }

    private static void Reloads(Evidence evidence, Findings findings)
    {
        NeedsBlocking(evidence, findings);
        foreach (Reload reload in evidence.Playable.SelectMany(static rendition => rendition.Reloads))
        {
            // 503 is rule 21's; an answer that never came because the watch ended says nothing.
            if (reload.Wanted is { } wanted && reload.Exchange.Status is not 503)
            {
                MustReach(findings, reload.Exchange, reload.Playlist, wanted);
            }
        }
    }

    private static void RolledOver(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in Blocking(evidence, findings, ProbeKind.RolledOver))
        {
            MustReach(findings, probe.Exchange, probe.Answer, new Position(probe.Wanted.Sequence + 1, 0));
        }
    }

    private static void OldSequence(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in Blocking(evidence, findings, ProbeKind.OldSequence))
        {
            findings.Must(probe.Exchange.Status == 200 && probe.Answer is not null, $"{probe.Exchange.Uri}", probe.Exchange.Outcome, "200 with the whole playlist");
            AtOnce(findings, probe.Exchange, evidence.Slack);
        }
    }

    private static void TooFar(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in Blocking(evidence, findings, ProbeKind.SequenceTooFar).Concat(evidence.Probes(ProbeKind.PartTooFar)))
        {
            if (probe.Answer?.IsEnded == true || probe.Answer?.Reaches(probe.Wanted) == true)
            {
                continue;
            }

            findings.Must(probe.Exchange.Status == 400, $"{probe.Exchange.Uri}", $"{probe.Exchange.Outcome}; the newest was {probe.Before.Last}", "400");
            AtOnce(findings, probe.Exchange, evidence.Slack);
        }
    }

    private static void PartAlone(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in Blocking(evidence, findings, ProbeKind.PartAlone))
        {
            if (probe.Answer?.IsEnded != true)
            {
                findings.Must(probe.Exchange.Status == 400, $"{probe.Exchange.Uri}", probe.Exchange.Outcome, "400");
            }
        }
    }

    private static void LongestHold(Evidence evidence, Findings findings)
    {
        NeedsBlocking(evidence, findings);
        foreach (Rendition rendition in evidence.Playable)
        {
            double limit = 3 * (double)(rendition.Latest!.TargetDuration ?? 0);
            IEnumerable<Exchange> held = rendition.Reloads.Where(static reload => reload.Wanted is not null).Select(static reload => reload.Exchange)
                .Concat(rendition.Probes.Where(static probe => probe.Kind is ProbeKind.LongestHold or ProbeKind.WholeSegment).Select(static probe => probe.Exchange));
            foreach (Exchange exchange in held)
            {
                findings.Must(
                    exchange.Took <= TimeSpan.FromSeconds(limit) + evidence.Slack, $"{exchange.Uri}", Invariant($"held for {exchange.Took.TotalSeconds:0.0} s, then {exchange.Outcome}"), Invariant($"an answer, or 503, after {limit} s"));
                findings.Must(exchange.Status is 200 or 503, $"{exchange.Uri}", exchange.Outcome, "200, or 503 where nothing came");
            }
        }
    }

    private static void Ended(Evidence evidence, Findings findings)
    {
        foreach (Rendition rendition in evidence.Playable.Where(static rendition => rendition.IsEnded))
        {
            MediaPlaylist last = rendition.Latest!;
            findings.Must(last.Hints.IsEmpty, Evidence.At(last, "EXT-X-PRELOAD-HINT"), "EXT-X-PRELOAD-HINT beside EXT-X-ENDLIST", "nothing hinted");
        }

        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.EndedDirectives))
        {
            findings.Must(probe.Answer is { IsEnded: true, Skip: null }, $"{probe.Exchange.Uri}", probe.Answer?.Skip is null ? probe.Exchange.Outcome : "a delta", "200 with the whole ended playlist");
            AtOnce(findings, probe.Exchange, evidence.Slack);
        }
    }

    private static void MustReach(Findings findings, Exchange exchange, MediaPlaylist? answer, Position wanted)
    {
        if (answer?.IsEnded != true)
        {
            findings.Must(answer?.Reaches(wanted) == true, $"{exchange.Uri}", answer is null ? exchange.Outcome : $"a playlist up to {answer.Last}", $"one that has {wanted}{(wanted.Part < 0 ? " whole" : "")}");
        }
    }

    private static void AtOnce(Findings findings, Exchange exchange, TimeSpan slack) =>
        findings.Must(exchange.Took <= slack, $"{exchange.Uri}", Invariant($"{exchange.Outcome} after {exchange.Took.TotalSeconds:0.000} s"), Invariant($"at once (within {slack.TotalSeconds} s)"));

    private static IEnumerable<(Rendition Rendition, Probe Probe)> Blocking(Evidence evidence, Findings findings, ProbeKind kind)
    {
        NeedsBlocking(evidence, findings);
        return evidence.Probes(kind);
    }

    private static void NeedsBlocking(Evidence evidence, Findings findings)
    {
        if (!evidence.Playlists.Any(static pair => pair.Playlist.CanBlock))
        {
            findings.NotApplicable("there is no CAN-BLOCK-RELOAD=YES");
        }
    }
}
