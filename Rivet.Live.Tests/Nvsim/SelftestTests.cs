using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Nvsim;

public sealed class SelftestTests
{
    /// <summary>Its own client speaks every version without a violation, every wrong layout is found out by name, every fault comes as asked.</summary>
    [Fact]
    public async Task Nvsim_PassesItsOwnCheck()
    {
        ToolRun made = await NvsimMachine.MakeAsync();
        Assert.True(made.ExitCode == 0, made.Errors);

        // What is left to be built is its own, so that nobody has to wait for it.
        ToolRun check = await ToolRun.RunAsync("make", "-s", "-C", NvsimMachine.Folder, "check");

        Assert.True(check.ExitCode == 0, $"{check.Text}\n{check.Errors}");
    }
}
