using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>What caches and players may do with an answer: lengths, ranges, versions, encodings, how long it stays right.</summary>
public sealed class DeliveryTests(LiveDemo demo) : IClassFixture<LiveDemo>
{
    private const string Forever = "public, max-age=31536000, immutable";

    [Theory]
    [InlineData("p0.m4s", 200, Forever)]
    [InlineData("init0.mp4", 200, Forever)]
    [InlineData("playlist.m3u8", 200, "public, max-age=1")]
    [InlineData("playlist.m3u8?_HLS_msn=0", 200, "public, max-age=0, s-maxage=1")]
    [InlineData("p99.m4s", 404, "public, max-age=1")]
    [InlineData("playlist.m3u8?_HLS_msn=99", 400, "no-store")]
    public async Task Answer_OfEachClass_SaysHowLongItStaysRight(string file, int status, string cacheControl)
    {
        using HttpResponseMessage get = await AskAsync(HttpMethod.Get, file);
        using HttpResponseMessage head = await AskAsync(HttpMethod.Head, file);

        Assert.Equal(status, (int)get.StatusCode);
        Assert.Equal(Set(cacheControl), Set(get.Headers.CacheControl!.ToString()));
        Assert.Equal((get.StatusCode, get.Headers.CacheControl), (head.StatusCode, head.Headers.CacheControl));
        Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal("*", Assert.Single(get.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("Age", Assert.Single(get.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
        Assert.False(get.Headers.Contains("Set-Cookie"));
        Assert.InRange(DateTimeOffset.UtcNow - get.Headers.Date!.Value, TimeSpan.FromSeconds(-60), TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("bytes=0-9", 206, 0, 10)]
    [InlineData("bytes=20-9007199254740991", 206, 20, null)]
    [InlineData("bytes=20-", 206, 20, null)]
    [InlineData("bytes=-7", 206, -7, null)]
    [InlineData("bytes=0-1,4-5", 200, 0, null)]
    public async Task Range_OfMedia_IsThatPartOfTheWhole(string range, int status, int from, int? to)
    {
        foreach (string file in (string[])["p0.m4s", "init0.mp4", await NewestSegmentAsync()])
        {
            byte[] whole = await demo.Client.GetByteArrayAsync(LiveDemo.Relative(demo.Track + file));
            using HttpResponseMessage answer = await AskAsync(HttpMethod.Get, file, ("Range", range));
            int first = from < 0 ? whole.Length + from : from;

            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(whole[first..(to ?? whole.Length)], await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal("bytes", Assert.Single(answer.Headers.AcceptRanges));
            ContentRangeHeaderValue? told = status == 206 ? new ContentRangeHeaderValue(first, (to ?? whole.Length) - 1, whole.Length) : null;
            Assert.Equal(told, answer.Content.Headers.ContentRange);
        }
    }

    [Fact]
    public async Task Range_BehindTheEnd_IsRefusedWithTheLength()
    {
        byte[] whole = await demo.Client.GetByteArrayAsync(LiveDemo.Relative(demo.Track + "p0.m4s"));
        using HttpResponseMessage answer = await AskAsync(HttpMethod.Get, "p0.m4s", ("Range", "bytes=9999999-"));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal($"bytes */{whole.Length}", answer.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task Range_OfAVersionThatIsNot_IsTheWhole()
    {
        using HttpResponseMessage whole = await AskAsync(HttpMethod.Get, "p0.m4s");
        using HttpResponseMessage same = await AskAsync(HttpMethod.Get, "p0.m4s", ("Range", "bytes=0-0"), ("If-Range", whole.Headers.ETag!.ToString()));
        using HttpResponseMessage other = await AskAsync(HttpMethod.Get, "p0.m4s", ("Range", "bytes=0-0"), ("If-Range", "\"other\""));

        Assert.Equal((HttpStatusCode.PartialContent, HttpStatusCode.OK), (same.StatusCode, other.StatusCode));
    }

    [Theory]
    [InlineData("p0.m4s", "identity")]
    [InlineData("init0.mp4", "identity")]
    [InlineData("playlist.m3u8", "identity")]
    [InlineData("playlist.m3u8", "gzip")]
    [InlineData("../../master.m3u8", "identity")]
    public async Task Version_ThatTheViewerHas_IsNotSentAgain(string file, string encoding)
    {
        using HttpResponseMessage first = await AskAsync(HttpMethod.Get, file, ("Accept-Encoding", encoding));
        string tag = first.Headers.ETag!.ToString();
        Assert.DoesNotContain("W/", tag, StringComparison.Ordinal);
        foreach ((string condition, HttpStatusCode expected) in new[]
        {
            (tag, HttpStatusCode.NotModified),
            ($"\"older\", W/{tag}", HttpStatusCode.NotModified),
            ("*", HttpStatusCode.NotModified),
            ("\"older\"", HttpStatusCode.OK),
        })
        {
            using HttpResponseMessage again = await AskAsync(HttpMethod.Get, file, ("Accept-Encoding", encoding), ("If-None-Match", condition));

            Assert.Equal(expected, again.StatusCode);
            Assert.Equal((first.Headers.ETag, first.Headers.CacheControl), (again.Headers.ETag, again.Headers.CacheControl));
            Assert.Equal(expected == HttpStatusCode.NotModified, (await again.Content.ReadAsByteArrayAsync()).Length == 0);
        }
    }

    [Fact]
    public async Task Playlist_ForAViewerThatTakesGzip_IsTheSameTextAndAnotherVersion()
    {
        using HttpResponseMessage plain = await AskAsync(HttpMethod.Get, "playlist.m3u8", ("Accept-Encoding", "gzip;q=0"));
        using HttpResponseMessage packed = await AskAsync(HttpMethod.Get, "playlist.m3u8", ("Accept-Encoding", "br, gzip"));
        await using GZipStream unpacking = new(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using StreamReader text = new(unpacking);

        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("gzip", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await text.ReadToEndAsync());
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);
        Assert.Equal(("Accept-Encoding", "Accept-Encoding"), (plain.Headers.Vary.ToString(), packed.Headers.Vary.ToString()));
    }

    [Fact]
    public async Task Preflight_OfAPageElsewhere_AllowsReadingAndRanges()
    {
        using HttpResponseMessage answer = await AskAsync(
            HttpMethod.Options, "p0.m4s", ("Origin", "https://player.example"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "range"));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));

        // Keys travel there, and a star does not stand for it (Fetch, CORS-preflight fetch).
        Assert.Equal("*, Authorization", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Contains("GET", string.Join(',', answer.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsNoReading_IsNotAllowed()
    {
        using HttpResponseMessage answer = await AskAsync(HttpMethod.Delete, "p0.m4s");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], answer.Content.Headers.Allow);
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string file, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, LiveDemo.Relative(demo.Track + file));
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await demo.Client.SendAsync(request);
    }

    private async Task<string> NewestSegmentAsync() =>
        (await demo.PlaylistAsync("")).Split('\n').Last(static line => line.StartsWith('s') && line.EndsWith(".m4s", StringComparison.Ordinal));

    private static SortedSet<string> Set(string cacheControl) => [.. cacheControl.Split(", ")];
}
