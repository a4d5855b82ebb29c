using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Publishers that vanish.</summary>
[Collection(LiveTests.Name)]
public sealed class InterruptionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Server_StoppedJustAfterItsPublisherVanished_EndsTheBroadcast()
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light("240p"), output);
        await using (FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("426x240", "30", 30, gop: 30)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/a")}", output))
        {
            await host.Player.MasterAsync("live/a");
        }

        await host.StopAsync();

        Assert.DoesNotContain("were cut short", host.Log, StringComparison.Ordinal);
    }
}
