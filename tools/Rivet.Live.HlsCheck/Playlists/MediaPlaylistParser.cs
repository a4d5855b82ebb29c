using System.Collections.Immutable;
using System.Globalization;

namespace Rivet.Live.HlsCheck.Playlists;

/// <summary>Reads a media playlist line by line (RFC 8216bis 4.4). Mistakes are noted, not thrown.</summary>
internal sealed class MediaPlaylistParser
{
    private static readonly string[] Once =
    [
        "EXT-X-VERSION", "EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE", "EXT-X-PLAYLIST-TYPE", "EXT-X-ENDLIST",
        "EXT-X-I-FRAMES-ONLY", "EXT-X-PART-INF", "EXT-X-SERVER-CONTROL", "EXT-X-SKIP", "EXT-X-INDEPENDENT-SEGMENTS", "EXT-X-START",
    ];

    private static readonly string[] BeforeParts = ["EXT-X-DISCONTINUITY", "EXT-X-KEY", "EXT-X-MAP", "EXT-X-PROGRAM-DATE-TIME"];

    private readonly Uri _uri;
    private readonly List<SyntaxMistake> _mistakes = [];
    private readonly List<PlaylistTag> _tags = [];
    private readonly List<SegmentEntry> _segments = [];
    private readonly List<PartEntry> _parts = [];
    private readonly List<PreloadHint> _hints = [];
    private readonly List<RenditionReport> _reports = [];
    private readonly List<(AttributeList, int)> _dateRanges = [];
    private readonly List<string> _segmentText = [];
    private MediaPlaylist _playlist;
    private long _discontinuities;
    private long _skipped;
    private InitMap? _map;
    private long? _bitrate;
    private decimal? _duration;
    private bool _gap;
    private bool _discontinuity;
    private DateTimeOffset? _programDateTime;
    private ByteRange? _range;
    private ByteRange? _lastPartRange;
    private PlaylistTag? _lateTag;

    private MediaPlaylistParser(Uri uri, string text)
    {
        _uri = uri;
        _playlist = new MediaPlaylist { Uri = uri, Text = text, Mistakes = [], Tags = [], Segments = [], Hints = [], Reports = [], DateRanges = [] };
    }

    /// <summary>Whether a body is meant as one, well formed or not.</summary>
    public static bool IsMeant(string text) => text.Contains("#EXT-X-", StringComparison.Ordinal);

    /// <param name="uri">Where it came from: URIs in it are relative to this.</param>
    /// <param name="text">The body.</param>
    /// <param name="imports">Variables of the multivariant playlist, for EXT-X-DEFINE:IMPORT.</param>
    public static MediaPlaylist Parse(Uri uri, string text, IReadOnlyDictionary<string, string> imports) => new MediaPlaylistParser(uri, text).Parse(imports);

    private MediaPlaylist Parse(IReadOnlyDictionary<string, string> imports)
    {
        string[] lines = _playlist.Text.Split('\n');
        if (lines[0].TrimEnd('\r') != "#EXTM3U")
        {
            _mistakes.Add(new SyntaxMistake(1, $"'{lines[0].Trim()}' where #EXTM3U must stand"));
        }

        var variables = new PlaylistVariables(_uri, imports);
        for (int index = 0; index < lines.Length; index++)
        {
            string line = variables.Substitute(lines[index].TrimEnd('\r'), mistake => Mistake(index + 1, mistake));
            if (line.StartsWith("#EXT", StringComparison.Ordinal))
            {
                PlaylistTag tag = PlaylistTag.Parse(line, index + 1);
                _tags.Add(tag);
                variables.Define(tag, mistake => Mistake(tag.Line, mistake));
                Read(tag, line);
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
            {
                _segmentText.Add(line);
                EndSegment(Resolve(line, index + 1), index + 1);
            }
        }

        if (_parts.Count > 0)
        {
            EndSegment(uri: null, lines.Length);
        }

        foreach (string repeated in Once.Where(name => _tags.Count(tag => tag.Name == name) > 1))
        {
            Mistake(_tags.Last(tag => tag.Name == repeated).Line, $"{repeated} twice");
        }

        if (_playlist.TargetDuration is null)
        {
            Mistake(1, "no EXT-X-TARGETDURATION");
        }

        return _playlist with
        {
            Mistakes = [.. _mistakes],
            Tags = [.. _tags],
            Segments = [.. _segments],
            Hints = [.. _hints],
            Reports = [.. _reports],
            DateRanges = [.. _dateRanges],
        };
    }

    private void Read(PlaylistTag tag, string line)
    {
        AttributeList Attributes() => new(tag.Value, mistake => Mistake(tag.Line, mistake));
        switch (tag.Name)
        {
            case "EXT-X-VERSION":
                _playlist = _playlist with { Version = (int?)Number(tag) };
                return;
            case "EXT-X-TARGETDURATION":
                _playlist = _playlist with { TargetDuration = Number(tag) };
                return;
            case "EXT-X-MEDIA-SEQUENCE":
                BeforeSegments(tag);
                _playlist = _playlist with { MediaSequence = (long)Number(tag) };
                return;
            case "EXT-X-DISCONTINUITY-SEQUENCE":
                BeforeSegments(tag);
                _discontinuities = (long)Number(tag);
                _playlist = _playlist with { DiscontinuitySequence = _discontinuities };
                return;
            case "EXT-X-SERVER-CONTROL":
                _playlist = _playlist with { ServerControl = Attributes() };
                return;
            case "EXT-X-PART-INF":
                _playlist = _playlist with { PartTarget = Attributes().Decimal("PART-TARGET") };
                Require(_playlist.PartTarget is not null, tag, "PART-TARGET");
                return;
            case "EXT-X-SKIP":
                _playlist = _playlist with { Skip = Attributes() };
                _skipped = _playlist.Skip.Whole("SKIPPED-SEGMENTS") ?? 0;
                return;
            case "EXT-X-PRELOAD-HINT":
                ReadHint(tag, Attributes());
                return;
            case "EXT-X-RENDITION-REPORT":
                ReadReport(tag, Attributes());
                return;
            case "EXT-X-DATERANGE":
                _dateRanges.Add((Attributes(), tag.Line));
                return;
            case "EXT-X-PART":
                ReadPart(tag, Attributes());
                return;
            default:
                ReadOfSegment(tag, line, Attributes);
                return;
        }
    }

    private void ReadOfSegment(PlaylistTag tag, string line, Func<AttributeList> attributes)
    {
        if (_parts.Count > 0 && BeforeParts.Contains(tag.Name))
        {
            _lateTag ??= tag;
        }

        switch (tag.Name)
        {
            case "EXTINF":
                _duration = decimal.TryParse(tag.Value.Split(',')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) ? seconds : null;
                Require(_duration is not null, tag, "a duration");
                break;
            case "EXT-X-GAP":
                _gap = true;
                break;
            case "EXT-X-DISCONTINUITY":
                _discontinuity = true;
                _discontinuities++;
                break;
            case "EXT-X-PROGRAM-DATE-TIME":
                _programDateTime = DateTimeOffset.TryParse(tag.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
                Require(_programDateTime is not null, tag, "a date");
                break;
            case "EXT-X-BITRATE":
                _bitrate = (long)Number(tag);
                break;
            case "EXT-X-BYTERANGE":
                _range = Range(tag.Value, _segments.LastOrDefault()?.Range);
                break;
            case "EXT-X-MAP":
                AttributeList map = attributes();
                Require(map.IsQuoted("URI"), tag, "a quoted URI");
                _map = new InitMap(Resolve(map.Text("URI") ?? "", tag.Line), map.Text("BYTERANGE") is { } range ? Range(range, null) : null);
                return;
            default:
                return;
        }

        _segmentText.Add(line);
    }

    private void ReadPart(PlaylistTag tag, AttributeList attributes)
    {
        Require(attributes.IsQuoted("URI") && attributes.Decimal("DURATION") is not null, tag, "URI and DURATION");
        Require(_playlist.PartTarget is not null, tag, "an EXT-X-PART-INF before it");
        _lastPartRange = attributes.Text("BYTERANGE") is { } range ? Range(range, _lastPartRange) : null;
        Uri uri = Resolve(attributes.Text("URI") ?? "", tag.Line);
        _parts.Add(new PartEntry(
            uri, _lastPartRange, attributes.Decimal("DURATION") ?? 0, attributes.IsYes("INDEPENDENT"), attributes.IsYes("GAP"), _parts.Count, tag.Line));
    }

    private void ReadHint(PlaylistTag tag, AttributeList hint)
    {
        Require(hint.IsQuoted("URI") && hint.Text("TYPE") is "PART" or "MAP", tag, "TYPE and a quoted URI");
        _hints.Add(new PreloadHint(
            hint.Text("TYPE") ?? "", Resolve(hint.Text("URI") ?? "", tag.Line), hint.Whole("BYTERANGE-START"), hint.Whole("BYTERANGE-LENGTH"), tag.Line));
    }

    private void ReadReport(PlaylistTag tag, AttributeList report)
    {
        string uri = report.Text("URI") ?? "";
        Require(report.IsQuoted("URI"), tag, "a quoted URI");
        _reports.Add(new RenditionReport(
            Resolve(uri, tag.Line), !uri.Contains("://", StringComparison.Ordinal), report.Whole("LAST-MSN"), (int?)report.Whole("LAST-PART"), tag.Line));
    }

    private void EndSegment(Uri? uri, int line)
    {
        if (uri is not null && _duration is null)
        {
            Mistake(line, "a segment without EXTINF");
        }

        _segments.Add(new SegmentEntry
        {
            Sequence = _playlist.MediaSequence + _skipped + _segments.Count,
            Uri = uri,
            Range = _range,
            Duration = _duration ?? _parts.Sum(static part => part.Duration),
            IsGap = _gap,
            IsDiscontinuity = _discontinuity,
            DiscontinuityNumber = _discontinuities,
            ProgramDateTime = _programDateTime,
            Map = _map,
            Bitrate = _bitrate,
            Parts = [.. _parts],
            LateTag = _lateTag,
            Text = string.Join('\n', _segmentText),
            Line = line,
        });
        _parts.Clear();
        _segmentText.Clear();
        (_duration, _gap, _discontinuity, _programDateTime, _range, _lateTag, _lastPartRange) = (null, false, false, null, null, null, null);
    }

    private void BeforeSegments(PlaylistTag tag)
    {
        if (_segments.Count > 0 || _parts.Count > 0 || _playlist.Skip is not null || _discontinuity)
        {
            Mistake(tag.Line, $"{tag.Name} behind a segment or EXT-X-SKIP");
        }
    }

    private decimal Number(PlaylistTag tag)
    {
        if (long.TryParse(tag.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return number;
        }

        Mistake(tag.Line, $"{tag.Name}:{tag.Value} is no whole number");
        return 0;
    }

    private void Require(bool holds, PlaylistTag tag, string what)
    {
        if (!holds)
        {
            Mistake(tag.Line, $"{tag.Name} without {what}");
        }
    }

    private Uri Resolve(string text, int line)
    {
        if (Uri.TryCreate(_uri, text, out Uri? uri))
        {
            return uri;
        }

        Mistake(line, $"'{text}' is no URI");
        return _uri;
    }

    /// <summary>"n@o"; without o it follows the range before.</summary>
    private static ByteRange Range(string text, ByteRange? before)
    {
        string[] numbers = text.Split('@');
        long length = long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;
        long start = numbers.Length > 1 && long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            ? offset
            : before is null ? 0 : before.Start + before.Length;
        return new ByteRange(start, length);
    }

    private void Mistake(int line, string text) => _mistakes.Add(new SyntaxMistake(line, text));
}
