using Rivet.Live.HlsCheck.Media;
using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>What is announced is there, never changes, and is what the playlist says of it. 47 to 49 are this tool's own, beside the table's 46.</summary>
internal static class ConsistencyRules
{
    public static Rule[] All { get; } =
    [
        new(46, "6.2.1", "What a playlist lists can be fetched at once, at full speed", Announced),
        new(47, "4.1 to 4.4", "Playlists can be read: one of each single tag, sequence tags first, attributes well formed", Syntax),
        new(48, "6.2.1, 6.2.2", "Sequence numbers never fall, and a listed segment never changes", History),
        new(49, "4.4.4.1, 4.4.4.9", "Durations are those of the media, and a segment is its parts one after the other", Media),
    ];

    private static void Announced(Evidence evidence, Findings findings)
    {
        foreach ((Rendition rendition, MediaFetch fetch) in evidence.Media(MediaKind.Init, MediaKind.Segment, MediaKind.Part))
        {
            if (fetch.IsHint)
            {
                continue;
            }

            findings.Must(fetch.Exchange.IsOk, $"{fetch.Exchange.Uri}", $"{fetch.Exchange.Outcome}, listed by {rendition}:{fetch.Line}", "the resource");
            double length = (double)(rendition.Segments.GetValueOrDefault(fetch.Sequence)?.Duration ?? 1);
            findings.Must(
                fetch.Exchange.Took.TotalSeconds <= (length / 2) + evidence.Slack.TotalSeconds, $"{fetch.Exchange.Uri}", Invariant($"{fetch.Exchange.Took.TotalSeconds:0.000} s to fetch"), "link speed: it is listed, so it is whole");
        }

        foreach (Rendition rendition in evidence.Seen.Playable)
        {
            findings.Must(rendition.Latest is not null, $"{rendition}", rendition.Reloads.LastOrDefault()?.Exchange.Outcome ?? "no answer", "a media playlist");
        }
    }

    private static void Syntax(Evidence evidence, Findings findings)
    {
        foreach ((_, MediaPlaylist playlist) in evidence.Playlists)
        {
            Report(findings, playlist.Uri, playlist.Mistakes);
        }

        if (evidence.Master is { } master)
        {
            Report(findings, master.Uri, master.Mistakes);
        }
    }

    private static void Report(Findings findings, Uri uri, IReadOnlyList<SyntaxMistake> mistakes)
    {
        findings.Must(true, $"{uri}", "", "");
        foreach (SyntaxMistake mistake in mistakes.Where(static mistake => !mistake.Text.StartsWith(PlaylistVariables.Mistake, StringComparison.Ordinal)))
        {
            findings.Must(false, $"{uri}:{mistake.Line}", mistake.Text, "what the grammar allows");
        }
    }

    private static void History(Evidence evidence, Findings findings)
    {
        foreach (Rendition rendition in evidence.Playable)
        {
            foreach ((MediaPlaylist older, MediaPlaylist newer) in rendition.Playlists.Zip(rendition.Playlists.Skip(1)))
            {
                findings.Must(newer.MediaSequence >= older.MediaSequence, Evidence.At(newer, "EXT-X-MEDIA-SEQUENCE"), $"{newer.MediaSequence} after {older.MediaSequence}", "never less");
                findings.Must(!older.IsEnded || newer.IsEnded, $"{newer.Uri}", "EXT-X-ENDLIST is gone", "it, for ever");
                foreach ((SegmentEntry then, SegmentEntry now) in older.Segments.Join(newer.Segments, static segment => segment.Sequence, static segment => segment.Sequence, static (then, now) => (then, now)))
                {
                    bool isSame = !then.IsComplete || (now.Text == then.Text && now.Map == then.Map);
                    findings.Must(isSame, Evidence.At(rendition, now), now.Text.ReplaceLineEndings(" "), $"as before: {then.Text.ReplaceLineEndings(" ")}");
                    bool sameParts = then.Parts.IsEmpty || now.Parts.IsEmpty
                        || then.Parts.Select(static part => part with { Line = 0 }).SequenceEqual(now.Parts.Take(then.Parts.Length).Select(static part => part with { Line = 0 }));
                    findings.Must(sameParts, Evidence.At(rendition, now), $"{now.Parts.Length} parts, others than before", $"the {then.Parts.Length} parts that were listed");
                }
            }
        }
    }

    private static void Media(Evidence evidence, Findings findings)
    {
        foreach (Rendition rendition in evidence.Playable)
        {
            foreach ((SegmentEntry segment, MediaFetch fetch, TrackRun run) in evidence.Runs(rendition))
            {
                if (segment.Parts.Any(static part => part.IsGap))
                {
                    continue;
                }

                Lasts(findings, Evidence.At(rendition, segment), (double)segment.Duration, run, 0.02 + Break(rendition, segment, 0, run));
                findings.Must(run.FirstHole == 0, $"{fetch.Exchange.Uri}", $"a hole of {run.FirstHole} ticks between two of its fragments", "decode times without a hole");
                Concatenation(findings, rendition, segment, fetch);
                if (!segment.Parts.IsEmpty)
                {
                    decimal sum = segment.Parts.Sum(static part => part.Duration);
                    findings.Must(Math.Abs(sum - segment.Duration) <= 0.005m + (0.001m * segment.Parts.Length), Evidence.At(rendition, segment), Invariant($"EXTINF {segment.Duration}, parts of {sum}"), "the same");
                }
            }
        }

        foreach ((Rendition rendition, MediaFetch fetch) in evidence.Media(MediaKind.Part))
        {
            if (rendition.Segments.TryGetValue(fetch.Sequence, out SegmentEntry? segment)
                && segment.Parts.ElementAtOrDefault(fetch.Part) is { } part
                && evidence.LeadOf(rendition, fetch) is { } run)
            {
                Lasts(findings, $"{fetch.Exchange.Uri}", (double)part.Duration, run, 0.005 + Break(rendition, segment, part.Index, run));
            }
        }
    }

    /// <summary>
    /// What may lie between the end of a gap and the first sample behind it: less than a sample, which belongs to the part. A gap is told
    /// before anybody knows where the next sample begins.
    /// </summary>
    private static double Break(Rendition rendition, SegmentEntry segment, int part, TrackRun run)
    {
        SegmentEntry? before = part > 0 ? segment : rendition.Segments.GetValueOrDefault(segment.Sequence - 1);
        bool isBehindGap = part > 0 ? segment.Parts[part - 1].IsGap : before?.IsGap == true || before?.Parts.LastOrDefault()?.IsGap == true;
        return isBehindGap ? run.Seconds / run.Samples : 0;
    }

    private static void Lasts(Findings findings, string where, double stated, TrackRun run, double tolerance) =>
        findings.Must(Math.Abs(run.Seconds - stated) <= tolerance, where, Invariant($"{stated} s stated, {run.Seconds:0.000} s of samples"), "the same");

    /// <summary>Where every part is a resource of its own and came.</summary>
    private static void Concatenation(Findings findings, Rendition rendition, SegmentEntry segment, MediaFetch whole)
    {
        MediaFetch?[] parts = [.. segment.Parts.Select(part => rendition.PartOf(segment.Sequence, part.Index))];
        if (parts.Length == 0 || parts.Any(static part => part is not { Exchange.IsOk: true }))
        {
            return;
        }

        ReadOnlySpan<byte> rest = whole.Exchange.Body.Span;
        foreach (MediaFetch? part in parts)
        {
            ReadOnlySpan<byte> bytes = part!.Exchange.Body.Span;
            if (!rest.StartsWith(bytes))
            {
                findings.Must(false, $"{whole.Exchange.Uri}", $"it differs in part {part.Part}, {part.Exchange.Uri}", "its parts' bytes, one after the other");
                return;
            }

            rest = rest[bytes.Length..];
        }

        findings.Must(rest.IsEmpty, $"{whole.Exchange.Uri}", $"{rest.Length} bytes more than its parts", "its parts' bytes, one after the other");
    }
}
