using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Pipeline;

/// <summary>A ladder that is read again: whose it is.</summary>
public sealed class ReplacedLadderTests
{
    private static readonly Rendition Large = new("90p", 90, 100_000);
    private static readonly Rendition Small = new("64p", 64, 50_000);

    [Fact]
    public async Task Ladder_Replaced_IsThatOfBroadcastsThatBeginFromThenOn()
    {
        await using LivePipeline pipeline = new(new LivePlan { Ladder = [Large] }, TestCodecs.Shared, TimeProvider.System, NullLoggerFactory.Instance);
        LiveBroadcast old = await PublishAsync(pipeline, "live/old", begin: 0);

        Assert.Equal("live/old", Assert.Single(pipeline.ReplaceLadder([Small, Large])).Broadcast.ToString());
        LiveBroadcast young = await PublishAsync(pipeline, "live/young", begin: 0);
        Assert.Same(old, await PublishAsync(pipeline, "live/old", begin: 4000));

        Assert.Equal(["90p"], RenditionsOf(pipeline, old));
        Assert.Equal(["64p", "90p"], RenditionsOf(pipeline, young));
        Assert.Equal(["live/old"], pipeline.ReplaceLadder([Small, Large]).Select(static session => session.Broadcast.ToString()));
        Assert.Equal(["live/young"], pipeline.ReplaceLadder([Large]).Select(static session => session.Broadcast.ToString()));
        Assert.Equal([Large], pipeline.Ladder);
    }

    private static IEnumerable<string> RenditionsOf(LivePipeline pipeline, LiveBroadcast broadcast) =>
        pipeline.DrainsOf(broadcast).Select(static drain => drain.Key.Rendition).Order(StringComparer.Ordinal);

    /// <summary>A publisher that comes, and whose connection breaks inside a fragment.</summary>
    private static async Task<LiveBroadcast> PublishAsync(LivePipeline pipeline, string name, int begin)
    {
        using Publisher publisher = new("127.0.0.1", "fmp4-put");
        (LiveBroadcast? broadcast, EnterRefusal? refusal) = await pipeline.EnterAsync(BroadcastId.Parse(name), publisher, takesOver: false, CancellationToken.None);
        Assert.Null(refusal);
        byte[] body = [.. SyntheticBody.Of((begin, 50), (begin + 2000, 50)), 0];
        await pipeline.IngestAsync(broadcast!, publisher, PipeReader.Create(new MemoryStream(body)));
        return broadcast!;
    }
}
