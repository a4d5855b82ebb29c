using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Publishers;

/// <summary>One server with a small ladder for all captures. A publisher that only falls silent is soon taken for gone.</summary>
public sealed class ReplayServer : IAsyncLifetime
{
    internal LiveServerHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await LiveServerHost.StartAsync(
        LiveServerHost.Light() with
        {
            Ladder = new LadderSettings { Renditions = [new RenditionSettings("54p", 54, 100_000, null, RenditionCodec.H264)] },
            Ingest = new IngestSettings { Stall = TimeSpan.FromSeconds(5), Idle = TimeSpan.FromSeconds(3), Reconnect = TimeSpan.FromSeconds(1) },
        },
        output: null);

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
