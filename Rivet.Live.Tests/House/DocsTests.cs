using System.Text.RegularExpressions;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.House;

public sealed partial class DocsTests
{
    public static TheoryData<string> Pages => [.. Repository.Files(".", "*.md").Select(path => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_HasOneTitleAndNoDeadLinks(string page)
    {
        string text = CodeFence().Replace(Repository.Read(page), "");
        string folder = Path.Combine(Repository.Root, Path.GetDirectoryName(page) ?? "");

        Assert.Single(Title().Matches(text));
        foreach (Match link in Link().Matches(text))
        {
            string target = link.Groups[1].Value.Split('#')[0];
            bool isHere = target.Length == 0 || target.Contains("://", StringComparison.Ordinal) || Path.Exists(Path.Combine(folder, target));
            Assert.True(isHere, $"{page} links to {target}, which is not there.");
        }
    }

    [Fact]
    public void Pages_AreTheOnesPeopleLookFor()
    {
        Assert.Superset(new HashSet<string> { "README.md", "Rivet.Live.Core/README.md", "Rivet.Live.Core/DECISIONS.md" }, Repository.Files(".", "*.md").ToHashSet());
    }

    [GeneratedRegex(@"^# .+$", RegexOptions.Multiline)]
    private static partial Regex Title();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeFence();
}
