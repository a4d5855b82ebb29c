using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rivet.Live.Hosting;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hosting;

/// <summary>The log as those who read it find it.</summary>
public sealed class LogTests
{
    [Fact]
    public void Line_RepeatedAgainAndAgain_IsLeftOutAndCounted()
    {
        ManualTime time = new();
        LogLines written = new();
        using RepeatedLines lines = new(written, time);
        ILogger logger = lines.CreateLogger("Rivet");

        for (int number = 0; number < 20; number++)
        {
            logger.Log(LogLevel.Warning, new EventId(7), $"480p left out {number} pictures", null, static (text, _) => text);
            logger.Log(LogLevel.Warning, new EventId(8), number < 2 ? "another event" : "a third", null, static (text, _) => text);
        }

        Assert.Equal(5 + 2 + 5, written.Text.Split('\n').Length);
        time.Advance(RepeatedLines.While);
        logger.Log(LogLevel.Warning, new EventId(7), "480p left out 99 pictures", null, static (text, _) => text);
        Assert.EndsWith("480p left out 99 pictures", written.Text, StringComparison.Ordinal);
        Assert.Contains("15 more lines like the next one were left out.", written.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_AsJson_IsALinePerEventWithItsIdAndFieldsAndNoKey()
    {
        await using ServerProcess server = ServerProcess.Start(
            ["--urls", "http://127.0.0.1:0", "--Logging:Format=json", "--Ingest:Keys=ingest-swordfish", "--Operator:Keys=operator-swordfish", "--Playback:Keys=play-swordfish",
                "--Ladder:Renditions:0:Name=90p", "--Ladder:Renditions:0:Height=90", "--Ladder:Renditions:0:VideoBitrateBps=50000"]);
        Uri address = await server.WaitUntilReadyAsync();
        using HttpClient client = new() { BaseAddress = address };
        foreach (string key in (string[])["ingest-swordfish", "wrong-swordfish"])
        {
            using ByteArrayContent body = new(SyntheticBody.Of((0, 50), (2000, 50)));
            using HttpResponseMessage published = await client.PutAsync(new Uri($"/ingest/live/demo?key={key}", UriKind.Relative), body);
            using HttpResponseMessage played = await client.GetAsync(new Uri($"/hls/live/demo/master.m3u8?key=play-swordfish", UriKind.Relative));
        }

        using HttpResponseMessage drained = await client.PostAsync(new Uri("/control/drain?key=operator-swordfish", UriKind.Relative), content: null);
        Assert.Equal(0, await server.WaitForExitAsync());

        JsonElement[] events = [.. server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        JsonElement publishing = events.Single(static line => line.GetProperty("EventId").GetInt32() == 9001);
        Assert.Equal("live/demo", publishing.GetProperty("State").GetProperty("Broadcast").GetString());
        string[][] ended = [.. events.Where(static line => line.GetProperty("EventId").GetInt32() == 4010).Select(ScopeOf)];
        Assert.NotEmpty(ended);
        Assert.All(ended, static scope => Assert.Equal("live/demo", scope[0]));
        Assert.Contains("90p", ended.Select(static scope => scope[1]));
        Assert.Contains(events, static line => line.GetProperty("Message").GetString()!.Contains("POST /control/drain", StringComparison.Ordinal));
        Assert.DoesNotContain("swordfish", server.Errors, StringComparison.Ordinal);
    }

    /// <summary>The broadcast and the rendition that a line is about, by its scopes.</summary>
    private static string[] ScopeOf(JsonElement line) =>
    [
        .. ((string[])["Broadcast", "Rendition"]).Select(name => line.GetProperty("Scopes").EnumerateArray()
            .Select(scope => scope.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "").LastOrDefault(static value => value.Length > 0, "")),
    ];
}
