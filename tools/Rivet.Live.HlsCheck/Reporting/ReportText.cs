using System.Globalization;
using System.Text;
using Rivet.Live.HlsCheck.Rules;

namespace Rivet.Live.HlsCheck.Reporting;

/// <summary>A report for people.</summary>
internal static class ReportText
{
    /// <summary>Findings of one rule that are printed; --verbose prints all.</summary>
    private const int Most = 3;

    public static string Write(CheckReport report, bool isVerbose)
    {
        StringBuilder text = new();
        foreach ((Rule rule, Findings findings) in report.Rules)
        {
            bool isQuiet = findings.Standing is Standing.Holds or Standing.NotApplicable or Standing.NotObserved;
            if (isQuiet && !isVerbose)
            {
                continue;
            }

            Line(text, $"{Word(findings.Standing),-14} {rule.Number,2}  {rule.Text} ({rule.Clause}){(findings.Standing == Standing.NotApplicable ? $": {findings.Reason}" : "")}");
            int shown = isVerbose ? findings.Found.Count : Math.Min(Most, findings.Found.Count);
            foreach (Finding finding in findings.Found.OrderBy(static finding => finding.IsAdvice).Take(shown))
            {
                Line(text, $"    {(finding.IsAdvice ? "should: " : "")}{finding.Where}\n        seen: {finding.Seen}\n        expected: {finding.Expected}");
            }

            if (findings.Found.Count > shown)
            {
                Line(text, $"    and {findings.Found.Count - shown} more (--verbose shows them)");
            }
        }

        foreach (Standing standing in (Standing[])[Standing.NotApplicable, Standing.NotObserved])
        {
            string[] numbers = [.. report.Rules.Where(entry => entry.Findings.Standing == standing)
                .Select(static entry => $"{entry.Rule.Number}{(entry.Findings.Reason is { } why ? $" ({why})" : "")}")];
            if (numbers.Length > 0 && !isVerbose)
            {
                Line(text, $"{Word(standing)}: {string.Join(", ", numbers)}");
            }
        }

        Line(text, $"{string.Join(", ", Enum.GetValues<Standing>().Select(standing => $"{report.Rules.Count(entry => entry.Findings.Standing == standing)} {Word(standing)}"))}");
        return text.ToString();
    }

    public static string Word(Standing standing) => standing switch
    {
        Standing.Holds => "hold",
        Standing.Advised => "advised",
        Standing.Broken => "BROKEN",
        Standing.NotApplicable => "not applicable",
        _ => "not observed",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
