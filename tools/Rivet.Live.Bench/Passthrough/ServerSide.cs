using System.Globalization;
using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Passthrough;

/// <summary>Our server as a process, with publishers that push over loopback. They live here, so their work is not counted.</summary>
internal static class ServerSide
{
    public static async Task<PassthroughFigures> MeasureAsync(PublisherSource source, int broadcasts, PassthroughPlan plan)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartOursAsync();
        List<Push> publishers = [];
        try
        {
            for (int index = 0; index < broadcasts; index++)
            {
                publishers.Add(new Push(new Uri(server.Address, string.Create(CultureInfo.InvariantCulture, $"ingest/bench/{index}")), source));
                await PassthroughPlan.SpreadAsync(broadcasts);
            }

            await PassthroughPlan.SettleAsync();
            PassthroughFigures figures = await PassthroughFigures.MeasureAsync([server.Id], broadcasts, plan.Seconds);
            await Task.WhenAll(publishers.Select(static publisher => publisher.MustBeRunningAsync()));
            return figures;
        }
        finally
        {
            await Task.WhenAll(publishers.Select(static publisher => publisher.DisposeAsync().AsTask()));
        }
    }
}
