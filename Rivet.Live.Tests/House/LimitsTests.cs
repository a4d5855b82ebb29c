using System.Globalization;
using System.Reflection;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.House;

/// <summary>docs/operating.md lists the limits of ingest as they are.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void Page_HasEveryLimitWithItsValue()
    {
        string[] rows =
        [
            .. Repository.Read("docs/operating.md").Split('\n')
                .SkipWhile(static line => line != "## What publishers may do").Skip(1).TakeWhile(static line => !line.StartsWith('#'))
                .Where(static line => line.StartsWith("| `", StringComparison.Ordinal)),
        ];
        PropertyInfo[] limits = [.. typeof(IngestLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance)];

        Assert.All(limits, limit => Assert.Contains(rows, row => row.StartsWith($"| `{limit.Name}` | {Shown(limit.GetValue(IngestLimits.Default)!)} |", StringComparison.Ordinal)));
        Assert.Equal(limits.Length, rows.Length);
    }

    private static string Shown(object value) => value is TimeSpan span
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds} s")
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
