using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.House;

/// <summary>appsettings.json is the manual: it has to name what there is, and nothing else.</summary>
public sealed partial class ManualTests
{
    private const string Manual = "Rivet.Live/appsettings.json";

    [Fact]
    public void Manual_Keys_AreTheSettingsKeys()
    {
        IConfigurationRoot manual = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, Manual)).Build();
        IEnumerable<string> written = manual.AsEnumerable()
            .Where(entry => entry.Value is not null || !manual.GetSection(entry.Key).GetChildren().Any())
            .Select(entry => ListEntry().Replace(entry.Key, ""))
            .Where(key => !key.StartsWith("Logging:LogLevel:", StringComparison.Ordinal))
            .Distinct();

        Assert.Equal(LiveSettingsReader.Keys.Where(key => !key.Contains('*', StringComparison.Ordinal)).Distinct().Order(), written.Order());
    }

    [Fact]
    public void Manual_EveryKey_HasAComment()
    {
        string[] lines = Repository.Read(Manual).Split('\n');
        for (int index = 1; index < lines.Length; index++)
        {
            bool isKey = SettingLine().IsMatch(lines[index]) && !lines[index].Contains("LogLevel", StringComparison.Ordinal);
            Assert.False(isKey && !lines[index - 1].TrimStart().StartsWith("//", StringComparison.Ordinal), $"{Manual}({index + 1}) has no comment: {lines[index].Trim()}");
        }
    }

    [GeneratedRegex(@":\d+$")]
    private static partial Regex ListEntry();

    [GeneratedRegex(@"^    ""\w+"": ")]
    private static partial Regex SettingLine();
}
