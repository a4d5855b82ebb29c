using System.Collections.Immutable;

namespace Rivet.Live.HlsCheck.Playlists;

/// <summary>EXT-X-STREAM-INF or EXT-X-I-FRAME-STREAM-INF.</summary>
internal sealed record VariantEntry(Uri Uri, AttributeList Attributes, bool IsIFrame, int Line);

/// <summary>EXT-X-MEDIA.</summary>
internal sealed record MediaEntry(Uri? Uri, AttributeList Attributes, int Line)
{
    public string Group => Attributes.Text("GROUP-ID") ?? "";

    public string Type => Attributes.Text("TYPE") ?? "";
}

/// <summary>A multivariant ("master") playlist.</summary>
internal sealed record MultivariantPlaylist(
    Uri Uri,
    string Text,
    ImmutableArray<VariantEntry> AllVariants,
    ImmutableArray<MediaEntry> Media,
    ImmutableArray<PlaylistTag> Tags,
    ImmutableArray<SyntaxMistake> Mistakes,
    IReadOnlyDictionary<string, string> Variables)
{
    public IEnumerable<VariantEntry> Variants => AllVariants.Where(static variant => !variant.IsIFrame);

    /// <summary>The audio renditions of a variant's group that have a playlist of their own.</summary>
    public IEnumerable<Uri> AudioOf(VariantEntry variant) => Media
        .Where(media => media.Type == "AUDIO" && media.Group == variant.Attributes.Text("AUDIO") && media.Uri is not null)
        .Select(static media => media.Uri!);

    public static MultivariantPlaylist Parse(Uri uri, string text)
    {
        List<SyntaxMistake> mistakes = [];
        List<VariantEntry> variants = [];
        List<MediaEntry> media = [];
        List<PlaylistTag> tags = [];
        var variables = new PlaylistVariables(uri, new Dictionary<string, string>());
        (AttributeList Attributes, int Line)? pending = null;
        string[] lines = text.Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            int number = index + 1;
            void Mistake(string mistake) => mistakes.Add(new SyntaxMistake(number, mistake));
            Uri? Resolve(string? relative) => relative is not null && Uri.TryCreate(uri, relative, out Uri? resolved) ? resolved : null;
            string line = variables.Substitute(lines[index].TrimEnd('\r'), Mistake);
            if (index == 0 && line != "#EXTM3U")
            {
                Mistake($"'{line}' where #EXTM3U must stand");
            }

            if (!line.StartsWith('#') && line.Length > 0)
            {
                if (pending is { } named && Resolve(line) is { } target)
                {
                    variants.Add(new VariantEntry(target, named.Attributes, IsIFrame: false, named.Line));
                }
                else
                {
                    Mistake($"'{line}' without EXT-X-STREAM-INF");
                }

                pending = null;
            }
            else if (line.StartsWith("#EXT", StringComparison.Ordinal))
            {
                PlaylistTag tag = PlaylistTag.Parse(line, number);
                tags.Add(tag);
                variables.Define(tag, Mistake);
                if (tag.Name is "EXT-X-STREAM-INF")
                {
                    pending = (new AttributeList(tag.Value, Mistake), number);
                }
                else if (tag.Name is "EXT-X-I-FRAME-STREAM-INF" or "EXT-X-MEDIA")
                {
                    AttributeList attributes = new(tag.Value, Mistake);
                    Uri? target = Resolve(attributes.Text("URI"));
                    if (tag.Name is "EXT-X-MEDIA")
                    {
                        media.Add(new MediaEntry(target, attributes, number));
                    }
                    else if (target is not null)
                    {
                        variants.Add(new VariantEntry(target, attributes, IsIFrame: true, number));
                    }
                }
            }
        }

        return new MultivariantPlaylist(uri, text, [.. variants], [.. media], [.. tags], [.. mistakes], variables.Values);
    }
}
