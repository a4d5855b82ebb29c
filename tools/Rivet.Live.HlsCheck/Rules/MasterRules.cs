using System.Text.RegularExpressions;
using Rivet.Live.HlsCheck.Media;
using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>The multivariant playlist, against the media it leads to.</summary>
internal static partial class MasterRules
{
    /// <summary>What Apple's validator allows a measured peak to be above BANDWIDTH.</summary>
    private const double PeakTolerance = 1.1;

    public static Rule[] All { get; } =
    [
        new(42, "4.4.6.2", "BANDWIDTH, CODECS, RESOLUTION, FRAME-RATE and the other attributes of a variant are what the media is", Variants),
        new(43, "4.4.6.2", "Every presentation has EXT-X-STREAM-INF with CODECS, audio-only ones too", StreamInf),
        new(45, "4.4.3.6", "An I-frame playlist says I-FRAMES-ONLY, has no parts, and every entry is a keyframe", IFrames),
    ];

    private static void Variants(Evidence evidence, Findings findings)
    {
        if (evidence.Master is not { } master)
        {
            findings.NotApplicable("the URL names a media playlist");
            return;
        }

        VariantEntry[] variants = [.. master.Variants];
        foreach (VariantEntry variant in variants)
        {
            string where = $"{master.Uri}:{variant.Line}";
            Attributes(findings, where, variant.Attributes);
            Rendition[] parts = [.. master.AudioOf(variant).Prepend(variant.Uri).Select(evidence.Seen.Find).OfType<Rendition>().Where(static rendition => rendition.Latest is not null).Distinct()];
            Codecs(evidence, findings, where, variant, parts);
            Picture(evidence, findings, where, variant, parts);
            Bandwidth(evidence, findings, where, variant, parts);
        }

        AllOrNone(findings, master, "SCORE", variants.Count(static variant => variant.Attributes.Has("SCORE")), variants.Length);
        AllOrNone(findings, master, "CLOSED-CAPTIONS=NONE", variants.Count(static variant => variant.Attributes.Text("CLOSED-CAPTIONS") == "NONE"), variants.Length);
    }

    private static void Attributes(Findings findings, string where, AttributeList attributes)
    {
        findings.Must(attributes.Whole("BANDWIDTH") > 0, where, $"BANDWIDTH {attributes.Text("BANDWIDTH") ?? "absent"}", "the peak segment bit rate");
        findings.Must(attributes.Whole("AVERAGE-BANDWIDTH") is not { } average || average <= attributes.Whole("BANDWIDTH"), where, $"AVERAGE-BANDWIDTH {attributes.Text("AVERAGE-BANDWIDTH")}", $"at most BANDWIDTH {attributes.Text("BANDWIDTH")}");
        findings.Must(attributes.Text("VIDEO-RANGE") is null or "SDR" or "HLG" or "PQ", where, $"VIDEO-RANGE {attributes.Text("VIDEO-RANGE")}", "SDR, HLG or PQ");
        findings.Must(attributes.Text("STABLE-VARIANT-ID") is not { } id || StableId().IsMatch(id), where, $"STABLE-VARIANT-ID {attributes.Text("STABLE-VARIANT-ID")}", "letters, digits and +/=.-_ only");
    }

    private static void Codecs(Evidence evidence, Findings findings, string where, VariantEntry variant, Rendition[] parts)
    {
        if (variant.Attributes.Text("CODECS") is not { } text)
        {
            return;
        }

        string[] listed = text.Split(',', StringSplitOptions.TrimEntries);
        string[] real = [.. parts.SelectMany(rendition => rendition.Segments.Values.SelectMany(segment => evidence.TracksOf(rendition, segment))).Select(static track => track.Codec).OfType<string>().Distinct()];
        foreach (string codec in real)
        {
            findings.Must(listed.Any(name => IsSame(name, codec)), where, $"CODECS \"{text}\"", $"{codec}, which an init segment has");
        }

        if (real.Length > 0)
        {
            findings.Must(listed.All(name => real.Any(codec => IsSame(name, codec))), where, $"CODECS \"{text}\"", $"only what the init segments have: {string.Join(", ", real)}");
        }
    }

    /// <summary>av01 names may go on with optional fields.</summary>
    private static bool IsSame(string listed, string real) => listed.Equals(real, StringComparison.OrdinalIgnoreCase)
        || (real.StartsWith("av01", StringComparison.Ordinal) && listed.StartsWith(real + ".", StringComparison.OrdinalIgnoreCase));

    private static void Picture(Evidence evidence, Findings findings, string where, VariantEntry variant, Rendition[] parts)
    {
        if (parts.FirstOrDefault(rendition => rendition.Uri == variant.Uri) is not { } rendition)
        {
            return;
        }

        TrackRun[] videos = [.. evidence.Runs(rendition).Select(static entry => entry.Run).Where(static run => run.Track.IsVideo && run.Seconds > 0)];
        foreach (InitTrack track in videos.Select(static run => run.Track).Distinct())
        {
            string? resolution = variant.Attributes.Text("RESOLUTION");
            findings.Should(resolution is not null, where, "no RESOLUTION", Invariant($"{track.Width}x{track.Height}"));
            findings.Must(resolution is null || resolution == Invariant($"{track.Width}x{track.Height}"), where, $"RESOLUTION {resolution}", Invariant($"{track.Width}x{track.Height}, as the init segment has it"));
        }

        if (videos.Length == 0)
        {
            return;
        }

        // FRAME-RATE is the highest; a muxer's stretched first sample and a short last segment must not decide.
        double[] rates = [.. videos.Select(static run => run.Samples / run.Seconds).Order()];
        double rate = rates[rates.Length / 2];
        decimal? stated = variant.Attributes.Decimal("FRAME-RATE");
        findings.Should(stated is not null || rate <= 30.5, where, "no FRAME-RATE", Invariant($"{rate:0.000}"));
        findings.Must(stated is not { } value || Math.Abs(((double)value / rate) - 1) < 0.05, where, Invariant($"FRAME-RATE {stated}"), Invariant($"{rate:0.000}, as measured"));
    }

    private static void Bandwidth(Evidence evidence, Findings findings, string where, VariantEntry variant, Rendition[] parts)
    {
        // The peak of each playlist on its own: audio and video segments need not have the same numbers.
        double peak = parts.Sum(rendition => evidence.Runs(rendition)
            .Where(entry => entry.Segment.Duration >= 0.5m * (rendition.Latest!.TargetDuration ?? 1))
            .Select(static entry => entry.Fetch.Exchange.Body.Length * 8 / (double)entry.Segment.Duration)
            .DefaultIfEmpty(0).Max());
        if (peak > 0 && variant.Attributes.Whole("BANDWIDTH") is { } bandwidth)
        {
            findings.Must(peak <= bandwidth * PeakTolerance, where, Invariant($"BANDWIDTH {bandwidth}"), Invariant($"at least the measured peak {peak:0} (10 % forgiven)"));
        }
    }

    private static void AllOrNone(Findings findings, MultivariantPlaylist master, string what, int count, int of) =>
        findings.Must(count == 0 || count == of, $"{master.Uri}", $"{what} on {count} of {of} variants", "on all or none");

    private static void StreamInf(Evidence evidence, Findings findings)
    {
        if (evidence.Master is not { } master)
        {
            findings.NotApplicable("the URL names a media playlist");
            return;
        }

        foreach (VariantEntry variant in master.Variants)
        {
            findings.Must(variant.Attributes.Has("CODECS"), $"{master.Uri}:{variant.Line}", "EXT-X-STREAM-INF without CODECS", "every format named");
            findings.Must(variant.Attributes.Text("AUDIO") is not { } group || master.Media.Any(media => media.Type == "AUDIO" && media.Group == group), $"{master.Uri}:{variant.Line}", $"AUDIO {variant.Attributes.Text("AUDIO")}", "a group that EXT-X-MEDIA defines");
        }
    }

    private static void IFrames(Evidence evidence, Findings findings)
    {
        Rendition[] iframes = [.. evidence.Seen.Renditions.Where(static rendition => rendition.IsIFrame)];
        if (iframes.Length == 0)
        {
            findings.NotApplicable("there is no EXT-X-I-FRAME-STREAM-INF");
        }

        foreach (Rendition rendition in iframes)
        {
            if (rendition.Latest is not { } latest)
            {
                findings.Must(false, $"{rendition}", rendition.Reloads.LastOrDefault()?.Exchange.Outcome ?? "nothing", "a playlist");
                continue;
            }

            findings.Must(latest.IsIFramesOnly, $"{rendition}", "no EXT-X-I-FRAMES-ONLY", "it");
            findings.Must(latest.Segments.All(static segment => segment.Parts.IsEmpty) && latest.PartTarget is null, Evidence.At(latest, "EXT-X-PART"), "parts in an I-frame playlist", "none");
            foreach (MediaFetch fetch in rendition.Media.Where(static fetch => fetch.Kind == MediaKind.Segment))
            {
                findings.Must(fetch.Exchange.IsOk, $"{fetch.Exchange.Uri}", fetch.Exchange.Outcome, "200 or 206");
                if (evidence.LeadOf(rendition, fetch) is { } run)
                {
                    findings.Must(run.BeginsWithSync, $"{fetch.Exchange.Uri}", "no sync sample", "a keyframe");
                }
            }
        }
    }

    [GeneratedRegex(@"^[a-zA-Z0-9+/=.\-_]+$")]
    private static partial Regex StableId();
}
