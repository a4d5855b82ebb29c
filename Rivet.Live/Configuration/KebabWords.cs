using System.Text;

namespace Rivet.Live.Configuration;

/// <summary>An enum's members as configuration spells them: <c>DropRendition</c> is <c>drop-rendition</c>.</summary>
internal static class KebabWords<TWord>
    where TWord : struct, Enum
{
    /// <summary>All spellings, in the enum's order.</summary>
    public static string All => string.Join(", ", Enum.GetValues<TWord>().Select(Write));

    /// <summary>Reads a word in any case. Numbers are no words.</summary>
    public static bool TryParse(string text, out TWord word)
    {
        foreach (TWord candidate in Enum.GetValues<TWord>())
        {
            if (string.Equals(Write(candidate), text, StringComparison.OrdinalIgnoreCase))
            {
                word = candidate;
                return true;
            }
        }

        word = default;
        return false;
    }

    public static string Write(TWord word)
    {
        StringBuilder kebab = new();
        foreach (char letter in word.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && kebab.Length > 0)
            {
                kebab.Append('-');
            }

            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString();
    }
}
