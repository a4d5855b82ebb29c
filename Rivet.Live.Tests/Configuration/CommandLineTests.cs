using Rivet.Live.Configuration;
using Xunit;

namespace Rivet.Live.Tests.Configuration;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("validate", LiveVerb.Validate)]
    [InlineData("doctor", LiveVerb.Doctor)]
    [InlineData("--help", LiveVerb.Help)]
    internal void Verb_Named_IsTaken(string verb, LiveVerb expected)
    {
        CommandLine line = CommandLine.Parse(["--Hls:PartSeconds", "1", verb]);

        Assert.Equal(expected, line.Verb);
        Assert.Empty(line.Mistakes);
    }

    [Fact]
    public void Options_InBothSpellings_AreTaken()
    {
        CommandLine line = CommandLine.Parse(["--urls", "http://a:1", "--config=x.json", "--dev-tls", "--A:B=c=d", "--E:F", "-1"]);

        Assert.Empty(line.Mistakes);
        Assert.Equal(LiveVerb.Run, line.Verb);
        Assert.Equal("x.json", line.ConfigFile);
        Assert.True(line.DevTls);
        Assert.Equal(
            new Dictionary<string, string?> { ["urls"] = "http://a:1", ["A:B"] = "c=d", ["E:F"] = "-1" },
            line.Values.ToDictionary());
    }

    [Theory]
    [InlineData("stray", "'stray'")]
    [InlineData("--unknown", "'--unknown'")]
    [InlineData("--dev-tls=yes", "'--dev-tls=yes'")]
    [InlineData("-c", "'-c'")]
    public void Argument_ThatIsNoOption_IsAMistake(string argument, string seen)
    {
        SettingMistake mistake = Assert.Single(CommandLine.Parse([argument]).Mistakes);

        Assert.Equal("command line", mistake.Key);
        Assert.Equal(seen, mistake.Seen);
        Assert.Contains("--Section:Key=value", mistake.Allowed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls")]
    [InlineData("--config")]
    [InlineData("--Ingest:IdleSeconds")]
    public void Option_WithoutItsValue_IsAMistake(string option)
    {
        SettingMistake mistake = Assert.Single(CommandLine.Parse([option, "--dev-tls"]).Mistakes);

        Assert.Equal($"{option}: saw no value; allowed: {option}=VALUE or {option} VALUE.", mistake.ToString());
    }

    [Fact]
    public void Json_IsForVerbs()
    {
        Assert.True(CommandLine.Parse(["doctor", "--json"]).Json);
        Assert.Equal("--json", Assert.Single(CommandLine.Parse(["--json"]).Mistakes).Key);
    }

    [Fact]
    public void SecondVerb_IsAMistake()
    {
        Assert.Equal("'doctor'", Assert.Single(CommandLine.Parse(["validate", "doctor"]).Mistakes).Seen);
    }
}
