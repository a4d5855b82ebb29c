using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Nvsim;

public class SelftestTests
{
    /// <summary>Its own client speaks every version without a violation, and every wrong layout is found out by name.</summary>
    [Fact]
    public async Task Nvsim_PassesItsOwnCheck()
    {
        ToolRun check = await ToolRun.RunAsync("make", "-s", "-C", Path.Combine(Repository.Root, "tools/nvsim"), "check");

        Assert.True(check.ExitCode == 0, $"{check.Text}\n{check.Errors}");
    }
}
