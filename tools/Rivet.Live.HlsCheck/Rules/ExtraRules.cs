using System.Text.Json;
using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>Date ranges, interstitials, variables, content steering: where an origin has them.</summary>
internal static class ExtraRules
{
    private const string Interstitial = "com.apple.hls.interstitial";

    public static Rule[] All { get; } =
    [
        new(37, "4.4.5.1", "A date range has an ID of its own and a date, never changes, and stands while its time is listed", DateRanges),
        new(38, "Apple interstitials, D.2", "An interstitial names one asset, or one list of them", Interstitials),
        new(39, "4.4.2.3", "Every variable that is used is defined, once", Variables),
        new(41, "4.4.6.6, 7", "The content steering manifest can be read and orders pathways", Steering),
    ];

    private static IEnumerable<(Rendition Rendition, AttributeList Range, string Where)> Ranges(Evidence evidence) =>
        from pair in evidence.Playlists
        from range in pair.Playlist.DateRanges
        select (pair.Rendition, range.Attributes, $"{pair.Playlist.Uri}:{range.Line}");

    private static void DateRanges(Evidence evidence, Findings findings)
    {
        Dictionary<(Rendition, string), AttributeList> known = [];
        foreach ((Rendition rendition, AttributeList range, string where) in Ranges(evidence))
        {
            string? id = range.Text("ID");
            findings.Must(id is not null && range.Has("START-DATE"), where, $"{range}", "ID and START-DATE");
            findings.Must(rendition.Latest!.Has("EXT-X-PROGRAM-DATE-TIME"), where, "EXT-X-DATERANGE without EXT-X-PROGRAM-DATE-TIME", "a date to map it to");
            findings.Must(range.Decimal("DURATION") is not < 0, where, $"DURATION {range.Text("DURATION")}", "0 or more");
            if (id is not null && known.TryGetValue((rendition, id), out AttributeList? before))
            {
                string? changed = before.Names.FirstOrDefault(name => range.Has(name) && range.Text(name) != before.Text(name));
                findings.Must(changed is null, where, $"ID {id}: {changed} is now {range.Text(changed ?? "")}", $"{before.Text(changed ?? "")}, as before");
            }

            known[(rendition, id ?? "")] = range;
        }

        if (known.Count == 0)
        {
            findings.NotApplicable("there is no EXT-X-DATERANGE");
        }

        foreach ((MediaPlaylist older, MediaPlaylist newer) in evidence.Playable.SelectMany(static rendition => rendition.Playlists.Zip(rendition.Playlists.Skip(1))))
        {
            DateTimeOffset? listedFrom = newer.Segments.FirstOrDefault()?.ProgramDateTime;
            foreach ((AttributeList range, int line) in older.DateRanges)
            {
                bool isListed = DateTimeOffset.TryParse(range.Text("START-DATE"), System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset start) && start >= listedFrom;
                findings.Must(!isListed || newer.DateRanges.Any(kept => kept.Attributes.Text("ID") == range.Text("ID")), $"{newer.Uri}", $"EXT-X-DATERANGE {range.Text("ID")} is gone", "it, while a segment of its time is listed");
            }
        }
    }

    private static void Interstitials(Evidence evidence, Findings findings)
    {
        (Rendition, AttributeList Range, string Where)[] all = [.. Ranges(evidence).Where(static entry => entry.Range.Text("CLASS") == Interstitial)];
        foreach ((_, AttributeList range, string where) in all)
        {
            findings.Must(range.Has("X-ASSET-URI") != range.Has("X-ASSET-LIST"), where, $"{range}", "one of X-ASSET-URI and X-ASSET-LIST");
        }

        if (all.Length == 0)
        {
            findings.NotApplicable("there is no interstitial");
        }
    }

    private static void Variables(Evidence evidence, Findings findings)
    {
        bool usesVariables = evidence.Playlists.Any(static pair => pair.Playlist.Has("EXT-X-DEFINE") || pair.Playlist.Mistakes.Any(IsVariable))
            || evidence.Master?.Mistakes.Any(IsVariable) == true || evidence.Master?.Variables.Count > 0;
        if (!usesVariables)
        {
            findings.NotApplicable("there is no EXT-X-DEFINE");
            return;
        }

        foreach ((Uri uri, IEnumerable<SyntaxMistake> mistakes) in evidence.Playlists.Select(static pair => (pair.Playlist.Uri, pair.Playlist.Mistakes.Where(IsVariable)))
            .Concat(evidence.Master is { } master ? [(master.Uri, master.Mistakes.Where(IsVariable))] : []))
        {
            SyntaxMistake? first = mistakes.FirstOrDefault();
            findings.Must(first is null, $"{uri}:{first?.Line}", first?.Text ?? "", "a definition for each variable, once");
        }
    }

    private static bool IsVariable(SyntaxMistake mistake) => mistake.Text.StartsWith(PlaylistVariables.Mistake, StringComparison.Ordinal);

    private static void Steering(Evidence evidence, Findings findings)
    {
        if (evidence.Seen.Steering is not { } answer)
        {
            findings.NotApplicable("there is no EXT-X-CONTENT-STEERING");
            return;
        }

        findings.Must(answer.Status == 200, $"{answer.Uri}", answer.Outcome, "200 with a steering manifest");
        if (answer.Status != 200)
        {
            return;
        }

        try
        {
            using JsonDocument manifest = JsonDocument.Parse(answer.Body);
            bool hasVersion = manifest.RootElement.TryGetProperty("VERSION", out JsonElement version) && version.TryGetInt32(out int number) && number == 1;
            bool hasPathways = manifest.RootElement.TryGetProperty("PATHWAY-PRIORITY", out JsonElement pathways) && pathways.ValueKind == JsonValueKind.Array && pathways.GetArrayLength() > 0;
            findings.Must(hasVersion && hasPathways, $"{answer.Uri}", answer.Text, "VERSION 1 and PATHWAY-PRIORITY");
            findings.Should(manifest.RootElement.TryGetProperty("TTL", out _), $"{answer.Uri}", "no TTL", "when to ask again");
        }
        catch (JsonException broken)
        {
            // By design: that it cannot be read is the finding.
            findings.Must(false, $"{answer.Uri}", broken.Message, "JSON");
        }
    }
}
