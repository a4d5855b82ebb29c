using System.Text.RegularExpressions;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.House;

public sealed partial class LogEventTests
{
    [Fact]
    public void Events_HaveIdsOfTheirOwn()
    {
        string[] twice =
        [
            .. Repository.Files("Rivet.Live", "*.cs").Concat(Repository.Files("Rivet.Live.Core", "*.cs"))
                .SelectMany(static path => EventId().Matches(Repository.Read(path)).Select(match => (Id: match.Groups[1].Value, Path: path)))
                .GroupBy(static used => used.Id)
                .Where(static used => used.Count() > 1)
                .Select(static used => $"{used.Key} in {string.Join(" and ", used.Select(static one => one.Path))}"),
        ];

        Assert.True(twice.Length == 0, string.Join("\n", twice));
    }

    [GeneratedRegex(@"LoggerMessage\((?:EventId = )?(\d+)")]
    private static partial Regex EventId();
}
