using Rivet.Live.Bench.Viewers;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class WrkTests
{
    private const string Good = "  87234 requests in 6.01s, 4.15GB read\nRequests/sec:  14518.89\nTransfer/sec:    706.73MB\n";

    [Fact]
    public void Output_IsRead() => Assert.Equal(new Wrk(87234, 14518.89, 0), Wrk.Read(Good));

    [Theory]
    [InlineData("  Non-2xx or 3xx responses: 185338\n", 185338)]
    [InlineData("  Socket errors: connect 1, read 2, write 3, timeout 4\n", 10)]
    public void Errors_AreAddedUp(string line, long errors) => Assert.Equal(errors, Wrk.Read(line + Good).Errors);

    [Fact]
    public void Output_OfSomethingElse_Refuses() => Assert.Throws<FormatException>(() => Wrk.Read("unable to connect to 127.0.0.1:1 Connection refused"));
}
