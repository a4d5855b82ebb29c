using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>A push lasts for days and may be slow: none of the web server's own limits may end it.</summary>
[Collection(PatientTests.Name)]
public sealed class LongBodyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Body_LargerThanTheWebServersLimit_IsTaken()
    {
        const int mebibytes = 32;
        byte[] body = await RecordedPush.FragmentedAsync(2);
        byte[] padding = new byte[1024 * 1024];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(padding, padding.Length);
        "free"u8.CopyTo(padding.AsSpan(4));
        int init = RecordedPush.BoxesOf(body).First(static box => box.Type == "moof").Offset;
        await using LiveServerHost host = await StartAsync();
        using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/a");

        await push.SendAsync(body.AsMemory(0, init));
        for (int sent = 0; sent < mebibytes; sent++)
        {
            await push.SendAsync(padding);
        }

        await push.SendAsync(body.AsMemory(init));
        await push.FinishAsync();
        RawAnswer answer = await push.ReadToEndAsync();

        RequireReceipt(answer, body.Length + ((long)mebibytes * padding.Length), fragments: 10);
    }

    [Fact]
    public async Task Body_SlowerThanTheWebServersLimit_IsTaken()
    {
        // Kestrel gives up at less than 240 bytes a second, counted from the fifth second on.
        const int pieces = 16;
        const int pieceBytes = 50;
        TimeSpan pause = TimeSpan.FromSeconds(0.5);
        byte[] body = await RecordedPush.FragmentedAsync(2);
        int second = RecordedPush.BoxesOf(body).Where(static box => box.Type == "moof").ElementAt(1).Offset;
        await using LiveServerHost host = await StartAsync();
        using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/a");

        await push.SendAsync(body.AsMemory(0, second));
        for (int piece = 0; piece < pieces; piece++)
        {
            await Task.Delay(pause, TimeProvider.System);
            await push.SendAsync(body.AsMemory(second + (piece * pieceBytes), pieceBytes));
        }

        await push.SendAsync(body.AsMemory(second + (pieces * pieceBytes)));
        await push.FinishAsync();
        RawAnswer answer = await push.ReadToEndAsync();

        RequireReceipt(answer, body.Length, fragments: 10);
    }

    private static void RequireReceipt(RawAnswer answer, long bytes, int fragments)
    {
        Assert.True(answer.Status == 200, $"{answer.Head}\n{answer.Body}");
        Assert.Equal("live/a", answer.Body.GetProperty("broadcast").GetString());
        Assert.Equal(bytes, answer.Body.GetProperty("bytes").GetInt64());
        Assert.Equal(fragments, answer.Body.GetProperty("fragments").GetInt32());
        Assert.Equal(2, answer.Body.GetProperty("durationSeconds").GetDouble(), precision: 2);
        Assert.Equal("avc1", Assert.Single(answer.Body.GetProperty("tracks").EnumerateArray()).GetProperty("codec").GetString()![..4]);
    }

    private Task<LiveServerHost> StartAsync() =>
        LiveServerHost.StartAsync(LiveServerHost.Light() with { Ladder = new LadderSettings { Renditions = [] } }, output);
}
