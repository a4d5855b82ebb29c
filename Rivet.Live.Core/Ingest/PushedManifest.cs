using System.Xml;
using System.Xml.Linq;

namespace Rivet.Live.Core.Ingest;

/// <summary>What a pushed MPD or HLS playlist says of the objects beside it. Nothing else of it is used.</summary>
/// <param name="Tracks">An init and one of the media objects that belong to it.</param>
/// <param name="IsOver">Nothing more will be pushed: a static MPD, or ENDLIST.</param>
internal sealed record PushedManifest(IReadOnlyList<(ObjectName Init, ObjectName Media)> Tracks, bool IsOver)
{
    private static readonly PushedManifest Unread = new([], IsOver: false);

    /// <summary>One that cannot be read groups nothing; the objects' own names have to do then.</summary>
    public static PushedManifest Read(byte[] bytes)
    {
        string text = System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF', ' ', '\r', '\n');
        return text.StartsWith("#EXTM3U", StringComparison.Ordinal) ? ReadPlaylist(text) : ReadMpd(text);
    }

    private static PushedManifest ReadPlaylist(string text)
    {
        List<(ObjectName, ObjectName)> tracks = [];
        string? init = null;
        bool isOver = false;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("#EXT-X-MAP:", StringComparison.Ordinal))
            {
                init = line.Split('"') is [_, var uri, ..] ? uri : null;
            }
            else if (line[0] != '#' && init is not null)
            {
                Add(tracks, init, line);
                init = null;
            }

            isOver |= line == "#EXT-X-ENDLIST";
        }

        return new PushedManifest(tracks, isOver);
    }

    private static PushedManifest ReadMpd(string text)
    {
        // No entity of a stranger's is expanded or fetched.
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = text.Length };
        try
        {
            using var xml = XmlReader.Create(new StringReader(text), settings);
            XElement mpd = XElement.Load(xml);
            List<(ObjectName, ObjectName)> tracks = [];
            foreach (XElement representation in mpd.Descendants().Where(static element => element.Name.LocalName == "Representation"))
            {
                string? init = TemplateOf(representation, "initialization");
                string? media = TemplateOf(representation, "media");
                if (init is not null && media is not null)
                {
                    Add(tracks, init, media);
                }
            }

            return new PushedManifest(tracks, mpd.Name.LocalName == "MPD" && mpd.Attribute("type")?.Value == "static");
        }
        catch (XmlException)
        {
            // By design: see Read.
            return Unread;
        }
    }

    /// <summary>What stands in the representation's own SegmentTemplate or in one further up, filled in for its first segment.</summary>
    private static string? TemplateOf(XElement representation, string attribute) => representation.AncestorsAndSelf()
        .Select(level => level.Elements().FirstOrDefault(static child => child.Name.LocalName == "SegmentTemplate")?.Attribute(attribute)?.Value)
        .FirstOrDefault(static value => value is not null)?
        .Replace("$RepresentationID$", representation.Attribute("id")?.Value ?? "", StringComparison.Ordinal)
        .Split('$') is { } pieces
            ? string.Concat(pieces.Select(static (piece, index) => index % 2 == 0 ? piece : "1"))
            : null;

    private static void Add(List<(ObjectName, ObjectName)> tracks, string init, string media)
    {
        if (ObjectName.TryParse(PathOf(init), out ObjectName? initName) && ObjectName.TryParse(PathOf(media), out ObjectName? mediaName))
        {
            tracks.Add((initName, mediaName));
        }
    }

    private static string PathOf(string uri) => uri.Split('?', '#')[0];
}
