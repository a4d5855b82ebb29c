using System.Text.RegularExpressions;

namespace Rivet.Live.Tests.House;

/// <summary>Something that may not stand in the sources, and what to write instead.</summary>
/// <param name="Pattern">Matched line by line, comments left out.</param>
/// <param name="Instead">What to do instead, for the failing test's text.</param>
/// <param name="Folders">Where it is banned: the beginnings of paths.</param>
/// <param name="Except">Where it is allowed all the same; null for nowhere.</param>
internal sealed record BannedWord(Regex Pattern, string Instead, string[] Folders, string? Except = null)
{
    public bool AppliesTo(string path) =>
        Folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))
        && (Except is null || !path.StartsWith(Except, StringComparison.Ordinal));
}
