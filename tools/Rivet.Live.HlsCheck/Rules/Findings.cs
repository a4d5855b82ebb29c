namespace Rivet.Live.HlsCheck.Rules;

/// <summary>How a rule stands after a watch.</summary>
internal enum Standing
{
    Holds,

    /// <summary>A SHOULD that does not hold.</summary>
    Advised,

    Broken,

    /// <summary>The origin has nothing that the rule is about.</summary>
    NotApplicable,

    /// <summary>Nothing happened from which it could be told.</summary>
    NotObserved,
}

/// <summary>One thing that a rule found wrong.</summary>
/// <param name="IsAdvice">A SHOULD.</param>
/// <param name="Where">Playlist URL and line, or the resource.</param>
/// <param name="Seen">What was there.</param>
/// <param name="Expected">What the rule wants.</param>
internal sealed record Finding(bool IsAdvice, string Where, string Seen, string Expected);

/// <summary>What one rule found in one watch.</summary>
internal sealed class Findings
{
    private readonly HashSet<Finding> _known = [];
    private readonly List<Finding> _found = [];

    /// <summary>How many things were looked at.</summary>
    public int Checked { get; private set; }

    public IReadOnlyList<Finding> Found => _found;

    /// <summary>Why the rule is about nothing here; null where it is not said.</summary>
    public string? Reason { get; private set; }

    public Standing Standing => _found.Exists(static finding => !finding.IsAdvice) ? Standing.Broken
        : _found.Count > 0 ? Standing.Advised
        : Checked > 0 ? Standing.Holds
        : Reason is not null ? Standing.NotApplicable
        : Standing.NotObserved;

    /// <summary>Something that must hold.</summary>
    public void Must(bool holds, string where, string seen, string expected) => Note(holds, isAdvice: false, where, seen, expected);

    /// <summary>Something that should.</summary>
    public void Should(bool holds, string where, string seen, string expected) => Note(holds, isAdvice: true, where, seen, expected);

    public void NotApplicable(string why) => Reason = why;

    private void Note(bool holds, bool isAdvice, string where, string seen, string expected)
    {
        Checked++;
        Finding finding = new(isAdvice, where, seen, expected);
        if (!holds && _known.Add(finding))
        {
            _found.Add(finding);
        }
    }
}
