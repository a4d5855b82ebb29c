using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Rivet.Live.Core.Ingest;

/// <summary>The name of an object that is pushed into a broadcast: what it is, and which others it belongs with.</summary>
internal sealed partial record ObjectName
{
    /// <summary>What a name may look like, for error texts.</summary>
    public const string Rule = "letters, digits and . _ - ( ) = , + @ ~, at most 128 of them between two '/'";

    /// <summary>Words that say what kind of object it is, and nothing of its track.</summary>
    private static readonly HashSet<string> KindWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "init", "initialization", "header", "chunk", "segment", "seg", "media", "fragment", "frag", "part",
    };

    private ObjectName(string text) => Text = text;

    /// <summary>The broadcast's own URL: bytes that are sent there piece by piece.</summary>
    public static ObjectName Whole { get; } = new("") { Key = "" };

    public string Text { get; }

    /// <summary>True for an MPD or an HLS playlist.</summary>
    public bool IsManifest { get; private init; }

    /// <summary>True for <c>Streams(NAME)</c>: everything of the track goes to this name (DASH-IF Ingest 1.0).</summary>
    public bool IsStream { get; private init; }

    /// <summary>True where the name says that it is an init segment.</summary>
    public bool IsInit { get; private init; }

    /// <summary>The same for the init and the media of a track, as far as names tell: without numbering and words like <c>init</c>.</summary>
    public required string Key { get; init; }

    /// <param name="path">From the broadcast's name on, without a slash at either end.</param>
    /// <param name="name">The name.</param>
    public static bool TryParse(string path, [NotNullWhen(true)] out ObjectName? name)
    {
        name = null;
        if (!Shape().IsMatch(path))
        {
            return false;
        }

        if (StreamsCall().Match(path) is { Success: true } call)
        {
            name = new ObjectName(path) { IsStream = true, Key = call.Groups[1].Value };
            return true;
        }

        int dot = path.LastIndexOf('.');
        if (dot < 0)
        {
            return false;
        }

        string extension = path[(dot + 1)..];
        List<string> words = [.. Separators().Split(path[..dot]).Where(static word => word.Length > 0)];
        bool isInit = extension == "init" || words.Exists(static word => word is "init" or "initialization" or "header");
        if (!isInit)
        {
            DropNumber(words);
        }

        name = new ObjectName(path)
        {
            IsManifest = extension is "mpd" or "m3u8",
            IsInit = isInit,
            Key = string.Join('-', words.Where(static word => !KindWords.Contains(word))),
        };
        return true;
    }

    public override string ToString() => Text;

    /// <summary>The number is the last word of digits alone, or else the digits that the last word ends in.</summary>
    private static void DropNumber(List<string> words)
    {
        int number = words.FindLastIndex(static word => word.All(char.IsAsciiDigit));
        if (number >= 0)
        {
            words.RemoveAt(number);
        }
        else if (words.Count > 0)
        {
            words[^1] = words[^1].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._()=,+@~-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9._()=,+@~-]{0,127})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(?:\A|/)Streams\(([^/()]{1,64})\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex StreamsCall();

    [GeneratedRegex(@"[-_./=,()+@~]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();
}
