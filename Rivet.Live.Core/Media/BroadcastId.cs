using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Rivet.Live.Core.Media;

/// <summary>A broadcast's name: already safe to log, to key a dictionary with, and to put in a URL.</summary>
/// <remarks>One to four segments of <c>[A-Za-z0-9][A-Za-z0-9._-]{0,63}</c> joined by <c>/</c>. Parsing is the only way in.</remarks>
public readonly partial record struct BroadcastId
{
    /// <summary>What a name may look like, for error texts.</summary>
    public const string Rule = "1 to 4 segments joined by '/', each a letter or digit followed by at most 63 letters, digits, '.', '_' or '-'";

    private readonly string? _name;

    private BroadcastId(string name) => _name = name;

    /// <summary>Reads a name as it stands in a URL path, without leading or trailing slash.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BroadcastId broadcast)
    {
        if (text is null || !Shape().IsMatch(text))
        {
            broadcast = default;
            return false;
        }

        broadcast = new BroadcastId(text);
        return true;
    }

    /// <exception cref="FormatException">The text breaks <see cref="Rule"/>.</exception>
    public static BroadcastId Parse(string text) => TryParse(text, out BroadcastId broadcast)
        ? broadcast
        : throw new FormatException($"'{text}' is not a broadcast name: {Rule}.");

    public override string ToString() => _name ?? throw new InvalidOperationException("A default BroadcastId names nothing; parse one.");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}(/[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
