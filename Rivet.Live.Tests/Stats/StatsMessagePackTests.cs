using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rivet.Live.Configuration;
using Rivet.Live.Endpoints;
using Rivet.Live.Hosting;
using Rivet.Live.Tests.MessagePack;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>Stats in MessagePack say what the JSON of the same moment says.</summary>
public sealed class StatsMessagePackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stats_WithEverythingKnown_AreTheSameInBoth()
    {
        string json = System.Text.Encoding.UTF8.GetString(await SentAsync(StatsFormat.Json));
        byte[] bytes = await SentAsync(StatsFormat.MessagePack);

        await RequireSameAsync((json, bytes));
        List<KeyValuePair<object, object?>> stats = Map(Values.Read(bytes, out int consumed));
        Assert.Equal(bytes.Length, consumed);
        List<KeyValuePair<object, object?>> broadcast = Map(List(Field(stats, "broadcasts"))[0]);
        List<KeyValuePair<object, object?>> rendition = Map(List(Field(broadcast, "renditions"))[0]);
        Assert.Equal(6.0, Assert.IsType<double>(Field(Map(Field(rendition, "encodeMilliseconds")), "p95")));
        Assert.Equal(4.1, Assert.IsType<double>(Field(Map(Field(rendition, "encodeMilliseconds")), "p50")));
        Assert.Equal(0L, Field(rendition, "panics"));
        Assert.Equal(1_200_000L, Field(Map(Field(rendition, "bitrateBps")), "configured"));
        Assert.Equal("2026-01-01T00:00:00+00:00", Field(Map(Field(stats, "server")), "startedAt"));
        Assert.DoesNotContain(rendition, static field => field.Value is null);
        Assert.DoesNotContain(Map(Field(Map(List(Field(broadcast, "source"))[0]), "stages")), static field => (string)field.Key == "decodeMilliseconds");
    }

    [Theory]
    [InlineData("""[null,true,false,"",[],{},{"a\u0041\n":"\ud83c\udfac"}]""", "97c0c3c2a0908081a361410aa4f09f8eac")]
    [InlineData("[0,-1,18446744073709551615,-9223372036854775808]", "9400ffcfffffffffffffffffd38000000000000000")]
    [InlineData("[1.0,1e2,2E-1,18446744073709551616]", "94cb3ff0000000000000cb4059000000000000cb3fc999999999999acb43f0000000000000")]
    public void Json_InMessagePack_HasTheSameValues(string json, string hex)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();

        JsonAsMessagePack.Write(System.Text.Encoding.UTF8.GetBytes(json), output);

        Assert.Equal(hex, Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public async Task Stats_OfAServer_AreTheSameInBoth()
    {
        StoppableTime time = new();
        await using WebApplication server = LiveServer.Build(
            new LiveSettings
            {
                Listen = new ListenSettings { Urls = ["http://127.0.0.1:0"] },
                Ladder = new LadderSettings { Renditions = [new RenditionSettings("90p", 90, 100_000, null, RenditionCodec.H264)] },
            },
            adjust: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await server.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(Assert.Single(LiveServer.BoundAddresses(server))) };
        using ByteArrayContent body = new(SyntheticBody.Of((0, 50), (2000, 50)));
        using HttpResponseMessage published = await client.PutAsync(new Uri("/ingest/live/demo", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        await Eventually.TrueAsync(
            async () => (await client.GetStringAsync(new Uri("/stats/live/demo", UriKind.Relative))) is var stats
                && stats.Contains("\"state\":\"stopped\"", StringComparison.Ordinal) && stats.Contains("\"kind\":\"ended\"", StringComparison.Ordinal),
            "its rendition has stopped, and the timeline has its end");
        time.Stop();

        List<(string Json, byte[] MessagePack)> answers = [];
        foreach (string path in (string[])["/stats", "/stats/", "/stats/live/demo", "/stats/live/demo/90p"])
        {
            using HttpResponseMessage json = await GetAsync(client, path, "application/json, application/msgpack");
            using HttpResponseMessage messagePack = await GetAsync(client, path, "application/msgpack, */*");
            using HttpResponseMessage asked = await GetAsync(client, $"{path}?format=msgpack", "application/json");
            byte[] bytes = await messagePack.Content.ReadAsByteArrayAsync();

            Assert.Equal("application/json", json.Content.Headers.ContentType?.MediaType);
            Assert.Equal(("application/msgpack", (long)bytes.Length), (messagePack.Content.Headers.ContentType?.MediaType, messagePack.Content.Headers.ContentLength));
            Assert.All((HttpResponseMessage[])[json, messagePack, asked], static answer => Assert.Equal("Accept", Assert.Single(answer.Headers.Vary)));
            Assert.Equal(bytes, await asked.Content.ReadAsByteArrayAsync());
            answers.Add((await json.Content.ReadAsStringAsync(), bytes));
        }

        await RequireSameAsync(answers);

        using HttpResponseMessage refused = await GetAsync(client, "/stats?format=xml", "*/*");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.Contains("'xml' is no format of stats; ?format=json and ?format=msgpack are.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage unknown = await GetAsync(client, "/stats/live/other", "application/msgpack");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));
        await server.StopAsync();
    }

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/json")]
    [InlineData("image/png", "application/json")]
    [InlineData("application/json, application/msgpack", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/msgpack;q=0.5, */*", "application/json")]
    [InlineData("application/msgpack;q=0", "application/json")]
    [InlineData("application/msgpack", "application/msgpack")]
    [InlineData("Application/MsgPack", "application/msgpack")]
    [InlineData("application/msgpack, */*", "application/msgpack")]
    [InlineData("application/msgpack, application/*, text/plain", "application/msgpack")]
    [InlineData("application/json;q=0.5, application/msgpack;q=0.6", "application/msgpack")]
    [InlineData("application/json;q=0, */*", "application/msgpack")]
    [InlineData("application/x-msgpack", "application/x-msgpack")]
    [InlineData("application/x-msgpack, application/msgpack;q=0.9", "application/x-msgpack")]
    public void Format_IsTheOneThatIsWantedMost(string accepted, string mediaType)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Accept = accepted;

        Assert.Equal(mediaType, StatsFormat.Of(context.Request));
    }

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("msgpack", "application/msgpack")]
    [InlineData("", null)]
    [InlineData("JSON", null)]
    [InlineData("messagepack", null)]
    public void Format_InTheQuery_GoesBeforeAccept(string format, string? mediaType)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Accept = "application/msgpack, application/json";
        context.Request.QueryString = QueryString.Create("format", format);

        Assert.Equal(mediaType, StatsFormat.Of(context.Request));
    }

    private static List<KeyValuePair<object, object?>> Map(object? value) => Assert.IsType<List<KeyValuePair<object, object?>>>(value);

    private static List<object?> List(object? value) => Assert.IsType<List<object?>>(value);

    private static object? Field(List<KeyValuePair<object, object?>> map, string name) => Assert.Single(map, field => (string)field.Key == name).Value;

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string accept)
    {
        HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        return client.SendAsync(request);
    }

    private static async Task<byte[]> SentAsync(string mediaType)
    {
        DefaultHttpContext context = new();
        MemoryStream body = new();
        context.Response.Body = body;
        await StatsAnswer.SendAsync(context, mediaType, KnownStats.All, static json => json.LiveStats);
        await context.Response.BodyWriter.FlushAsync();
        return body.ToArray();
    }

    /// <summary>Asks @msgpack/msgpack, which is not ours, what the MessagePack says.</summary>
    private async Task RequireSameAsync(params List<(string Json, byte[] MessagePack)> answers)
    {
        string file = _folder.PathOf("stats");
        await File.WriteAllLinesAsync(file, answers.Select(static answer => Convert.ToHexString(answer.MessagePack)));
        ToolRun run = await ToolRun.RequireAsync("node", Path.Combine(Repository.Root, "Rivet.Live.Tests", "Player", "msgpack.mjs"), "json", file);
        string[] decoded = run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(answers.Count, decoded.Length);
        foreach ((string json, string line) in answers.Select(static answer => answer.Json).Zip(decoded))
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(line)), $"{json}\nbecame\n{line}");
        }
    }
}
