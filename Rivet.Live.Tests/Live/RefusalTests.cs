using System.Text.Json;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Pushes that are turned away, as the publisher meets it: told why, and the connection closed.</summary>
[Collection(PatientTests.Name)]
public sealed class RefusalTests(ITestOutputHelper output)
{
    private const string Key = "right-key";

    [Theory]
    [InlineData("-send_expect_100 1", "401 Unauthorized")]
    [InlineData("-send_expect_100 1 -headers Authorization:Bearer\u00a0wrong-key", "403 Forbidden")]
    public async Task Ffmpeg_WithoutTheRightKey_SaysWhy(string options, string said)
    {
        await using LiveServerHost host = await StartAsync(Key);
        await using FfmpegPublisher publisher = Publish(host, credentials: "", options);

        Assert.NotEqual(0, await publisher.WaitForExitAsync());
        Assert.Contains(said, publisher.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ffmpeg_WithAWrongPassword_Fails()
    {
        // It asks first, is told 401, and then sends password and body at once: all that it can notice is that nobody reads on.
        await using LiveServerHost host = await StartAsync(Key);
        await using FfmpegPublisher publisher = Publish(host, credentials: "any:wrong-key", options: "");

        Assert.NotEqual(0, await publisher.WaitForExitAsync());
        Assert.Empty((await host.StatsAsync()).GetProperty("broadcasts").EnumerateArray());
    }

    [Theory]
    [InlineData("any:right-key", "", "")]
    [InlineData("", "-headers Authorization:Bearer\u00a0right-key", "")]
    [InlineData("", "", "?key=right-key")]
    public async Task Ffmpeg_WithTheRightKey_Publishes(string credentials, string options, string query)
    {
        await using LiveServerHost host = await StartAsync(Key);
        await using FfmpegPublisher publisher = Publish(host, credentials, options, query);

        Assert.Equal(0, await publisher.WaitForExitAsync());
        await host.UntilAsync("live/a", "ended");
        Assert.DoesNotContain(Key, host.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 401, "key-required")]
    [InlineData("Authorization: Bearer wrong\r\n", 403, "wrong-key")]
    public async Task Body_OfARefusedPush_IsNotReadToItsEnd(string headers, int status, string reason)
    {
        const int pieces = 512;
        byte[] piece = new byte[128 * 1024];
        await using LiveServerHost host = await StartAsync(Key);
        using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/a", headers);
        Task<RawAnswer> reading = push.ReadToEndAsync();
        int sent = 0;
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (; sent < pieces; sent++)
            {
                await push.SendAsync(piece);
            }
        });

        RawAnswer answer = await reading;
        RequireProblem(answer, status, reason);
        if (status == 401)
        {
            Assert.Contains("WWW-Authenticate: Basic realm=\"rivet\"", answer.Head, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("WWW-Authenticate: Bearer", answer.Head, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task SecondPublisher_OfABroadcast_IsToldOfTheFirst()
    {
        byte[] whole = await RecordedPush.FragmentedAsync(30);
        int half = RecordedPush.BoxesOf(whole).Where(static box => box.Type == "moof").ElementAt(5).Offset;
        (byte[] body, byte[] later) = (whole[..half], whole[half..]);
        await using LiveServerHost host = await StartAsync();
        using RawPush first = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await first.SendAsync(body);
        await host.UntilAsync("live/a", "live");

        // It sends something else, while the first one goes on.
        byte[] other = await RecordedPush.FragmentedAsync(1, "-vf negate");
        using RawPush second = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await second.SendAsync(other);
        Task<RawAnswer> answered = second.ReadToEndAsync();
        foreach (byte[] piece in later.Chunk(3000).TakeWhile(_ => !answered.IsCompleted))
        {
            await first.SendAsync(piece);
            await Task.WhenAny(answered, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        }

        RawAnswer refused = await answered;
        RequireProblem(refused, 409, "already-published");
        Assert.Contains("?takeover=1", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);

        // The one that was there goes on.
        Assert.Equal("live", (await host.StatsAsync("live/a")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task FirstPublisher_TakenOver_IsTold()
    {
        byte[] body = await RecordedPush.FragmentedAsync(1);
        await using LiveServerHost host = await StartAsync();
        using RawPush first = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await first.SendAsync(body);
        await host.UntilAsync("live/a", "live");

        using RawPush second = await RawPush.BeginAsync(host.Address, "/ingest/live/a?takeover=1");
        RequireProblem(await first.ReadToEndAsync(), 409, "taken-over");
        await second.SendAsync(body);
        await second.FinishAsync();
        Assert.Equal(200, (await second.ReadToEndAsync()).Status);
    }

    [Fact]
    public async Task NewBroadcast_ThatTheEncodersHaveNoRoomFor_Is503WhereTheOperatorWantsItRefused()
    {
        byte[] body = await RecordedPush.FragmentedAsync(1);
        LiveSettings light = LiveServerHost.Light();
        await using LiveServerHost host = await LiveServerHost.StartAsync(
            light with
            {
                Ladder = new LadderSettings
                {
                    Renditions = [new RenditionSettings("64p", 64, 100_000, MaxFrameRate: null, RenditionCodec.H264)],
                    Overload = OverloadPolicy.Refuse,
                },
                Encoding = light.Encoding with
                {
                    Policy = new EncodingPolicy(Device: null, EncoderFamily.Nvidia),
                    Simulated = [new SimulatedDeviceSettings(EncoderFamily.Nvidia, Slots: 1, Speed: null)],
                },
            },
            output);
        using RawPush first = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await first.SendAsync(body);
        await Patience.UntilAsync(async () => (await host.StatsAsync()).GetProperty("devices")[1].GetProperty("leased").GetInt32() == 1, "it is encoded");

        using RawPush second = await RawPush.BeginAsync(host.Address, "/ingest/live/b");
        RawAnswer refused = await second.ReadToEndAsync();
        RequireProblem(refused, 503, "no-capacity");
        Assert.Contains("Retry-After: ", refused.Head, StringComparison.OrdinalIgnoreCase);

        await first.FinishAsync();
        Assert.Equal(200, (await first.ReadToEndAsync()).Status);
        await host.UntilAsync("live/a", "ended");
        await Patience.UntilAsync(async () => (await host.StatsAsync()).GetProperty("devices")[1].GetProperty("leased").GetInt32() == 0, "its slot is free again");
        using RawPush third = await RawPush.BeginAsync(host.Address, "/ingest/live/b");
        await third.SendAsync(body);
        await third.FinishAsync();
        Assert.Equal(200, (await third.ReadToEndAsync()).Status);
    }

    [Fact]
    public async Task Body_ThatIsNoMp4_Is415()
    {
        RawAnswer answer = await PushAsync("Good evening, and welcome."u8.ToArray());

        // There is no box to name.
        RequireProblem(answer, 415, "not-iso-bmff");
        Assert.Equal(0, answer.Body.GetProperty("offsetBytes").GetInt64());
    }

    [Fact]
    public async Task Body_WithMediaBeforeItsInit_Is412()
    {
        byte[] body = await RecordedPush.FragmentedAsync(1);
        int moov = RecordedPush.BoxesOf(body).First(static box => box.Type == "moov").Offset;
        int moof = RecordedPush.BoxesOf(body).First(static box => box.Type == "moof").Offset;

        RequireMediaProblem(await PushAsync([.. body[..moov], .. body[moof..]]), 412, "media-before-init", moov);
    }

    [Fact]
    public async Task Body_ThatIsAPlainMp4_Is400AndSaysWhatToAdd()
    {
        RawAnswer answer = await PushAsync(await RecordedPush.ProgressiveAsync(2));

        RequireMediaProblem(answer, 400, "not-fragmented", offset: null);
        Assert.Contains("frag_keyframe", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_WithAFragmentAboveTheLimit_Is413AndSaysTheLimit()
    {
        const int limit = 4096;
        byte[] body = await RecordedPush.FragmentedAsync(1);
        int mdat = RecordedPush.BoxesOf(body).First(static box => box.Type == "mdat" && box.Length > limit).Offset;

        RawAnswer answer = await PushAsync(body, limit);

        RequireMediaProblem(answer, 413, "fragment-too-large", mdat);
        Assert.Contains("4096", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static void RequireProblem(RawAnswer answer, int status, string reason)
    {
        Assert.True(answer.Status == status, $"{answer.Head}\n{answer.Body}");
        Assert.Contains("Content-Type: application/problem+json", answer.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Connection: close", answer.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(status, answer.Body.GetProperty("status").GetInt32());
        Assert.Equal(reason, answer.Body.GetProperty("reason").GetString());
        Assert.All((string[])["type", "title", "detail"], field => Assert.NotEmpty(answer.Body.GetProperty(field).GetString()!));
    }

    private static void RequireMediaProblem(RawAnswer answer, int status, string reason, long? offset)
    {
        RequireProblem(answer, status, reason);
        Assert.Equal(JsonValueKind.Number, answer.Body.GetProperty("offsetBytes").ValueKind);
        Assert.NotEmpty(answer.Body.GetProperty("box").GetString()!);
        if (offset is not null)
        {
            Assert.Equal(offset, answer.Body.GetProperty("offsetBytes").GetInt64());
        }
    }

    /// <summary>The answer to a body that is never ended: it must come all the same.</summary>
    private async Task<RawAnswer> PushAsync(byte[] body, int? maxFragmentBytes = null)
    {
        await using LiveServerHost host = await StartAsync(key: null, maxFragmentBytes);
        using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await push.SendAsync(body);
        return await push.ReadToEndAsync();
    }

    private Task<LiveServerHost> StartAsync(string? key = null, int? maxFragmentBytes = null)
    {
        IngestSettings ingest = new() { Keys = key is null ? [] : [key] };
        return LiveServerHost.StartAsync(
            LiveServerHost.Light() with
            {
                Ladder = new LadderSettings { Renditions = [] },
                Ingest = ingest with { MaxFragmentBytes = maxFragmentBytes ?? ingest.MaxFragmentBytes },
            },
            output);
    }

    private FfmpegPublisher Publish(LiveServerHost host, string credentials, string options, string query = "")
    {
        string programme = FfmpegPublisher.Programme("160x90", "25", 2, gop: 25);
        return FfmpegPublisher.Start(
            $"{programme} {FfmpegPublisher.ShortFragments} {options} {host.IngestUrl("live/a", query, credentials)}", output);
    }
}
