using Rivet.Live.HlsCheck.Rules;
using Rivet.Live.HlsCheck.Watching;

namespace Rivet.Live.HlsCheck.Reporting;

/// <summary>How every rule stands after a watch.</summary>
internal sealed class CheckReport
{
    public CheckReport(Uri url, Observations seen, IEnumerable<Rule> rules)
    {
        Url = url;
        Evidence evidence = new(seen);
        Rules = [.. rules.Select(rule =>
        {
            Findings findings = new();
            rule.Check(evidence, findings);
            return (rule, findings);
        })];
    }

    public Uri Url { get; }

    public IReadOnlyList<(Rule Rule, Findings Findings)> Rules { get; }

    public IEnumerable<(Rule Rule, Findings Findings)> Broken => Rules.Where(static entry => entry.Findings.Standing == Standing.Broken);

    public bool IsClean => !Broken.Any();

    /// <summary>The findings of one rule.</summary>
    public Findings this[int number] => Rules.Single(entry => entry.Rule.Number == number).Findings;
}
