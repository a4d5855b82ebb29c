using System.Net;
using Microsoft.AspNetCore.Http;
using Rivet.Live.Endpoints;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>Who may come in with what.</summary>
public sealed class KeyRingTests
{
    private static readonly KeyRing Ring = new(["s3cret-one", "zwei:mit:doppelpunkt"]);

    [Theory]
    [InlineData("Bearer s3cret-one", "", "Welcome")]
    [InlineData("bearer   s3cret-one ", "", "Welcome")]
    [InlineData("Bearer zwei:mit:doppelpunkt", "", "Welcome")]
    [InlineData(null, "?key=s3cret-one", "Welcome")]
    [InlineData(null, "?other=1&key=zwei%3Amit%3Adoppelpunkt", "Welcome")]
    [InlineData("Bearer s3cret-on", "", "Wrong")]
    [InlineData("Bearer s3cret-one-", "", "Wrong")]
    [InlineData("Bearer S3CRET-ONE", "", "Wrong")]
    [InlineData("Bearer ", "", "Wrong")]
    [InlineData(null, "?key=", "Wrong")]
    [InlineData(null, "?key=s3cret-one&key=s3cret-one", "Wrong")]
    [InlineData(null, "", "Missing")]
    [InlineData("Digest s3cret-one", "", "Missing")]
    [InlineData("Basic not-base64!", "", "Missing")]
    [InlineData("Bearer wrong", "?key=s3cret-one", "Wrong")]
    public void Ring_WithKeys_Judges(string? authorization, string query, string expected) =>
        Assert.Equal(expected, Ring.Judge(Request(authorization, query, "203.0.113.7")).ToString());

    [Theory]
    [InlineData("user:s3cret-one", "Welcome")]
    [InlineData(":s3cret-one", "Welcome")]
    [InlineData("user:zwei:mit:doppelpunkt", "Welcome")]
    [InlineData("s3cret-one:", "Wrong")]
    [InlineData("user:wrong", "Wrong")]
    [InlineData("s3cret-one", "Missing")]
    public void Ring_WithKeys_TakesThePasswordOfBasic(string credentials, string expected) =>
        Assert.Equal(expected, Ring.Judge(Request($"Basic {Base64(credentials)}", "", "203.0.113.7")).ToString());

    [Fact]
    public void Ring_GivenEndlessCredentials_FindsNoKeyInThem() =>
        Assert.Equal(KeyVerdict.Missing, Ring.Judge(Request($"Basic {Base64(new string('x', 100_000))}", "", "203.0.113.7")));

    [Theory]
    [InlineData("127.0.0.1", "Welcome")]
    [InlineData("127.8.9.10", "Welcome")]
    [InlineData("::1", "Welcome")]
    [InlineData("::ffff:127.0.0.1", "Welcome")]
    [InlineData("192.168.1.2", "Wrong")]
    [InlineData("::ffff:192.168.1.2", "Wrong")]
    [InlineData("2001:db8::1", "Wrong")]
    [InlineData(null, "Wrong")]
    public void Ring_WithoutKeys_WelcomesThisMachineOnly(string? remote, string expected)
    {
        KeyRing open = new([]);

        Assert.True(open.IsLoopbackOnly);
        Assert.Equal(expected, open.Judge(Request("Bearer anything", "", remote)).ToString());
    }

    [Fact]
    public void Ring_WithKeys_DoesNotTrustThisMachineWithoutOne() =>
        Assert.Equal(KeyVerdict.Missing, Ring.Judge(Request(null, "", "127.0.0.1")));

    [Theory]
    [InlineData("team-key", "live/team-a/show", "Welcome")]
    [InlineData("team-key", "live/team-a/show/init.mp4", "Welcome")]
    [InlineData("team-key", "live/team-b/show", "WrongBroadcast")]
    [InlineData("team-key", "live/team-ax", "WrongBroadcast")]
    [InlineData("one-key", "live/one", "Welcome")]
    [InlineData("one-key", "live/one/Streams(video)", "Welcome")]
    [InlineData("one-key", "live/one/more", "WrongBroadcast")]
    [InlineData("one-key", "live/two", "Welcome")]
    [InlineData("any-key", "live/team-b/show", "Welcome")]
    [InlineData("live/one one-key", "live/one", "Wrong")]
    public void Ring_WithKeysForSomeBroadcasts_JudgesByThem(string key, string path, string expected)
    {
        KeyRing ring = new(["live/team-a/* team-key", "live/one one-key", "any-key", "live/two one-key"]);

        Assert.Equal(expected, ring.Judge(Request($"Bearer {key}", "", "203.0.113.7"), path).ToString());
    }

    [Fact]
    public void Ring_WhoseKeysAreReplaced_KnowsTheNewOnesOnly()
    {
        KeyRing ring = new(["old"]);
        ring.Replace(["new"]);

        Assert.Equal(KeyVerdict.Wrong, ring.Judge(Request("Bearer old", "", "203.0.113.7")));
        Assert.Equal(KeyVerdict.Welcome, ring.Judge(Request("Bearer new", "", "203.0.113.7")));
    }

    /// <summary>A page of another site makes a browser on this machine ask: that is not this machine.</summary>
    [Theory]
    [InlineData("http://localhost:8080", "Welcome")]
    [InlineData("http://evil.example", "Wrong")]
    [InlineData("null", "Wrong")]
    public void Ring_WithoutKeys_DoesNotWelcomePagesOfOtherSites(string origin, string expected)
    {
        DefaultHttpContext request = Request(null, "", "127.0.0.1");
        request.Request.Host = new HostString("localhost", 8080);
        request.Request.Headers.Origin = origin;

        Assert.Equal(expected, new KeyRing([]).Judge(request).ToString());
    }

    private static DefaultHttpContext Request(string? authorization, string query, string? remote)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Request.QueryString = new QueryString(query);
        if (authorization is not null)
        {
            context.Request.Headers.Authorization = authorization;
        }

        return context;
    }

    private static string Base64(string credentials) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(credentials));
}
