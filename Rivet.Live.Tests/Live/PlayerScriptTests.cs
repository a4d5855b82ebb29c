using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Live;

/// <summary>The scripts of tools/players and of the watch page, where they can be tested without a player.</summary>
public sealed class PlayerScriptTests
{
    [Fact]
    public async Task Checks_OfThePlayersScripts_Pass()
    {
        ToolRun run = await ToolRun.RunAsync("node", "--test", Path.Combine(Repository.Root, "Rivet.Live.Tests", "Player", "checks.mjs"));

        Assert.True(run.ExitCode == 0, run.Text + run.Errors);
        Assert.Matches("# pass [1-9]", run.Text);
    }
}
