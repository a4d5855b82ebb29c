using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.House;

public sealed class BudgetTests
{
    private const int LinesMax = 400;

    private const int ProgramLinesMax = 80;

    [Fact]
    public void SourceFiles_StayWithinTheLineBudget()
    {
        string[] tooLong =
        [
            .. Repository.Files(".", "*.cs")
                .Select(path => (path, lines: Repository.Read(path).Split('\n').Length - 1))
                .Where(file => file.lines > LinesMax)
                .Select(file => $"{file.path} has {file.lines} lines"),
        ];

        Assert.True(tooLong.Length == 0, $"{string.Join("\n", tooLong)}\nA file holds one thing in at most {LinesMax} lines: find the second thing in it.");
    }

    [Fact]
    public void Program_ReadsOnOnePage()
    {
        Assert.InRange(Repository.Read("Rivet.Live/Program.cs").Split('\n').Length - 1, 1, ProgramLinesMax);
    }
}
