using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Rivet.Live.HlsCheck.Watching;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>Deltas, hints, ranges, compression and caching.</summary>
internal static partial class DeliveryRules
{
    public static Rule[] All { get; } =
    [
        new(23, "4.4.5.2, 6.2.5.1", "A delta merged into the old playlist is exactly the full one, and skips nothing within the Skip Boundary", Deltas),
        new(24, "4.4.5.2", "With nothing to skip, the full playlist is sent", EmptyDeltas),
        new(25, "6.2.6", "A hinted part is accepted early, held, and sent whole; what was never announced is 404", Hints),
        new(26, "4.4.4.9, RFC 9110 14", "Byte ranges are answered with exactly the bytes asked for", Ranges),
        new(27, "6.2.1", "Playlists are compressed for those who accept gzip", Gzip),
        new(28, "6.2.2", "Media and playlists say how long they may be cached", Caching),
        new(29, "6.2.5", "Unknown query parameters are ignored", UnknownQuery),
    ];

    private static void Deltas(Evidence evidence, Findings findings)
    {
        if (!evidence.Playlists.Any(static pair => pair.Playlist.CanSkipUntil is not null))
        {
            findings.NotApplicable("there is no CAN-SKIP-UNTIL");
        }

        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.Delta).Concat(evidence.Probes(ProbeKind.DeltaV2)))
        {
            string where = $"{probe.Exchange.Uri}";
            if (probe.Answer is not { } delta)
            {
                findings.Must(probe.Exchange.Status == 503, where, probe.Exchange.Outcome, "a playlist");
            }
            else if (delta is { IsEnded: true })
            {
                findings.Must(delta.Skip is null, where, "a delta with EXT-X-ENDLIST", "the whole playlist");
            }
            else if (delta.CanSkipUntil is not { } boundary)
            {
                findings.Must(delta.Skip is null, where, "EXT-X-SKIP without CAN-SKIP-UNTIL", "the whole playlist");
            }
            else if (delta.Skip is not null && probe.Beside is { } full && full.Last == delta.Last)
            {
                DeltaCheck.Run(findings, where, probe.Before, delta, full, boundary);
            }
        }
    }

    private static void EmptyDeltas(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.Delta).Concat(evidence.Probes(ProbeKind.DeltaV2)))
        {
            if (probe.Answer is { } answer)
            {
                findings.Must(answer.Skip is null || answer.Skip.Whole("SKIPPED-SEGMENTS") > 0, Evidence.At(answer, "EXT-X-SKIP"), $"EXT-X-SKIP:{answer.Skip}", "SKIPPED-SEGMENTS of 1 or more, or the whole playlist");
            }
        }
    }

    private static void Hints(Evidence evidence, Findings findings)
    {
        if (!evidence.Playlists.Any(static pair => !pair.Playlist.Hints.IsEmpty))
        {
            findings.NotApplicable("nothing is hinted");
        }

        foreach (Rendition rendition in evidence.LowLatency)
        {
            MediaFetch[] hinted = [.. rendition.Media.Where(static fetch => fetch.IsHint)];
            foreach (MediaFetch fetch in hinted)
            {
                findings.Must(fetch.Exchange.IsOk, $"{fetch.Exchange.Uri}", $"{fetch.Exchange.Outcome} when asked for while hinted", "200 once the part is whole");
            }

            // A busy machine slows one or two; a trickle slows all: the median tells.
            TimeSpan[] sent = [.. hinted.Select(static fetch => fetch.Exchange.LastByte - fetch.Exchange.FirstByte).Order()];
            if (sent.Length > 0)
            {
                decimal target = rendition.Playlists.First(static playlist => playlist.PartTarget is not null).PartTarget!.Value;
                TimeSpan median = sent[sent.Length / 2];
                findings.Must(median.TotalSeconds < (double)target / 2, $"{rendition}", Invariant($"hinted parts take {median.TotalSeconds:0.000} s from first to last byte"), "the whole part at once");
            }
        }

        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.UnknownMedia))
        {
            findings.Must(probe.Exchange.Status is 404 or 410, $"{probe.Exchange.Uri}", probe.Exchange.Outcome, "404");
        }
    }

    private static void Ranges(Evidence evidence, Findings findings)
    {
        foreach ((_, MediaFetch fetch) in evidence.Media(MediaKind.Init, MediaKind.Segment, MediaKind.Part))
        {
            if (fetch.Range is { } range)
            {
                bool isExact = fetch.Exchange.Status == 206 && fetch.Exchange.Body.Length == range.Length;
                findings.Must(isExact, $"{fetch.Exchange.Uri} {range.Header}", $"{fetch.Exchange.Outcome} with {fetch.Exchange.Body.Length} bytes", $"206 with {range.Length} bytes");
            }
        }

        foreach ((Rendition rendition, Probe probe) in evidence.Probes(ProbeKind.MediaRange))
        {
            MediaFetch? whole = rendition.Media.Find(fetch => fetch.Kind == MediaKind.Segment && fetch.Exchange.Uri == probe.Exchange.Uri);
            findings.Should(probe.Exchange.Status == 206, $"{probe.Exchange.Uri}", $"{probe.Exchange.Outcome} to bytes=0-99", "206");
            if (probe.Exchange.Status == 206 && whole is { Exchange.IsOk: true })
            {
                bool isSame = probe.Exchange.Body.Span.SequenceEqual(whole.Exchange.Body.Span[..Math.Min(100, whole.Exchange.Body.Length)]);
                findings.Must(isSame, $"{probe.Exchange.Uri}", $"{probe.Exchange.Body.Length} bytes that are not the resource's first 100", "its first 100 bytes");
            }
        }
    }

    private static void Gzip(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.Gzip))
        {
            string? encoding = probe.Exchange.Header("Content-Encoding");
            findings.Should(encoding == "gzip", $"{probe.Exchange.Uri}", $"Content-Encoding {encoding ?? "absent"}", "gzip, which was accepted");
            if (encoding == "gzip")
            {
                findings.Must(probe.Exchange.Header("Vary")?.Contains("Accept-Encoding", StringComparison.OrdinalIgnoreCase) == true, $"{probe.Exchange.Uri}", $"Vary {probe.Exchange.Header("Vary") ?? "absent"}", "Vary: Accept-Encoding beside Content-Encoding");
                findings.Must(Unzips(probe.Exchange.Body), $"{probe.Exchange.Uri}", "a body that does not unzip to a playlist", "the playlist, gzipped");
            }
        }
    }

    private static void Caching(Evidence evidence, Findings findings)
    {
        foreach ((_, MediaFetch fetch) in evidence.Media(MediaKind.Init, MediaKind.Segment, MediaKind.Part).Where(static pair => pair.Fetch.Exchange.IsOk))
        {
            string? control = fetch.Exchange.Header("Cache-Control");
            bool isLimited = control?.Contains("max-age", StringComparison.OrdinalIgnoreCase) == true || fetch.Exchange.Header("Expires") is not null;
            findings.Should(isLimited, $"a {fetch.Kind} of {fetch.Exchange.Uri.GetLeftPart(UriPartial.Authority)}", $"Cache-Control {control ?? "absent"}", "Expires or max-age on what is going to be removed");
        }

        foreach (Rendition rendition in evidence.Playable)
        {
            foreach (Reload reload in rendition.Reloads.Where(static reload => reload.Playlist is { IsEnded: false }))
            {
                // What was not waited for is old with the next part; what was waited for stays right.
                decimal target = reload.Playlist!.TargetDuration ?? 1;
                decimal limit = Math.Max(1, reload.Wanted is null ? target : 6 * target);
                int age = MaxAge().Match(reload.Exchange.Header("Cache-Control") ?? "") is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
                findings.Must(age <= limit, $"{reload.Exchange.Uri}", $"max-age={age} on a live playlist", Invariant($"at most {limit}"));
            }
        }

        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.Head))
        {
            findings.Should(probe.Exchange.Status == 200 && probe.Exchange.Body.IsEmpty, $"HEAD {probe.Exchange.Uri}", $"{probe.Exchange.Outcome} with {probe.Exchange.Body.Length} bytes", "200 without a body");
        }

        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.Conditional))
        {
            // The state may have moved on since the tag was given; then 200 is right, but not with the same tag.
            findings.Should(probe.Exchange.Status is 304 or 200, $"{probe.Exchange.Uri}", $"{probe.Exchange.Outcome} to If-None-Match", "304, or 200 with a newer playlist");
        }
    }

    private static void UnknownQuery(Evidence evidence, Findings findings)
    {
        foreach ((_, Probe probe) in evidence.Probes(ProbeKind.UnknownQuery))
        {
            findings.Must(probe.Answer is not null, $"{probe.Exchange.Uri}", probe.Exchange.Outcome, "200 with the playlist");
        }
    }

    private static bool Unzips(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
            using var text = new StreamReader(gzip);
            return text.ReadToEnd().StartsWith("#EXTM3U", StringComparison.Ordinal);
        }
        catch (InvalidDataException)
        {
            // By design: that it cannot be read is the finding.
            return false;
        }
    }

    [GeneratedRegex(@"max-age=(\d{1,9})", RegexOptions.IgnoreCase)]
    private static partial Regex MaxAge();
}
