using System.Text.Json;
using Rivet.Live.HlsCheck.Rules;

namespace Rivet.Live.HlsCheck.Reporting;

/// <summary>A report for programs.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Write(CheckReport report) => JsonSerializer.Serialize(
        new
        {
            report.Url,
            Clean = report.IsClean,
            Rules = report.Rules.Select(static entry => new
            {
                entry.Rule.Number,
                entry.Rule.Clause,
                entry.Rule.Text,
                Standing = JsonNamingPolicy.KebabCaseLower.ConvertName(entry.Findings.Standing.ToString()),
                entry.Findings.Checked,
                entry.Findings.Reason,
                Findings = entry.Findings.Found.Select(static (Finding finding) => new { finding.IsAdvice, finding.Where, finding.Seen, finding.Expected }),
            }),
        },
        Indented);
}
