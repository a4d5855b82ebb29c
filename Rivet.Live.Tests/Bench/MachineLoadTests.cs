using Rivet.Live.Bench.Measuring;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class MachineLoadTests
{
    [Fact]
    public void BusySecondsIn_StatLine_LeavesIdleAndWaitingOut()
    {
        Assert.Equal(2.1, MachineLoad.BusySecondsIn("cpu  100 10 50 9000 800 20 10 20 0 0"));
    }
}
