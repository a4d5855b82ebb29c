using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary><c>/stats/events</c>: a snapshot a second, for as long as somebody follows.</summary>
public sealed class StatsEventsTests
{
    [Fact]
    public async Task Events_OfARunningServer_AreTheStatsOfEachSecond()
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light(), output: null);
        using HttpResponseMessage answer = await host.Client.GetAsync(new Uri("/stats/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using StreamReader events = new(await answer.Content.ReadAsStreamAsync());

        JsonElement first = await NextAsync(events);
        using ByteArrayContent body = new(SyntheticBody.Of((0, 50), (2000, 50)));
        using HttpResponseMessage published = await host.Client.PutAsync(new Uri("/ingest/live/demo", UriKind.Relative), body);
        JsonElement ended = first;
        while (ended.GetProperty("broadcasts").GetArrayLength() == 0 || ended.GetProperty("broadcasts")[0].GetProperty("state").GetString() != "ended")
        {
            ended = await NextAsync(events);
        }

        Assert.Equal("running", first.GetProperty("server").GetProperty("state").GetString());
        Assert.Equal(0, first.GetProperty("broadcasts").GetArrayLength());
        Assert.True(ended.GetProperty("server").GetProperty("uptimeSeconds").GetDouble() > first.GetProperty("server").GetProperty("uptimeSeconds").GetDouble());
        Assert.Equal("began", ended.GetProperty("broadcasts")[0].GetProperty("timeline")[0].GetProperty("kind").GetString());
        Assert.Equal(
            (await host.StatsAsync()).GetProperty("broadcasts")[0].EnumerateObject().Select(static field => field.Name),
            ended.GetProperty("broadcasts")[0].EnumerateObject().Select(static field => field.Name));

        await host.StopAsync();
        while (await events.ReadLineAsync() is not null)
        {
            // The rest; a server that stops closes it.
        }
    }

    private static async Task<JsonElement> NextAsync(StreamReader events)
    {
        const string prefix = "data: ";
        while (await events.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                using JsonDocument stats = JsonDocument.Parse(line[prefix.Length..]);
                return stats.RootElement.Clone();
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
