using Rivet.Live.Bench;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class BenchOptionsTests
{
    [Fact]
    public void Options_NameAndValues_AreRead()
    {
        BenchOptions options = new(["passthrough", "--broadcasts", "1,10", "--json", "out.json"]);

        Assert.Equal("passthrough", options.Benchmark);
        Assert.Equal([1, 10], options.Numbers("broadcasts", []));
        Assert.Equal("out.json", options.Text("json"));
        Assert.Equal(20, options.Number("seconds", 20));
    }

    [Fact]
    public void Options_WithoutAName_AskForAllBenchmarks()
    {
        Assert.Null(new BenchOptions(["--runs", "2"]).Benchmark);
    }

    [Theory]
    [InlineData("ladder", "--runs")]
    [InlineData("ladder", "runs", "5")]
    public void Options_NotInPairs_Refuse(params string[] arguments)
    {
        Assert.Throws<FormatException>(() => new BenchOptions(arguments));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("five")]
    public void Number_ThatIsNone_RefusesAndNamesIt(string value)
    {
        BenchOptions options = new(["ladder", "--runs", value]);

        FormatException mistake = Assert.Throws<FormatException>(() => options.Number("runs", 5));
        Assert.Contains($"--runs: saw '{value}'", mistake.Message, StringComparison.Ordinal);
    }
}
