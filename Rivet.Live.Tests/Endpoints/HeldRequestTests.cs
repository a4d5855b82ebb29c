using System.Net.Http.Json;
using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>Requests that wait for media that is still to come, over a socket.</summary>
public sealed class HeldRequestTests : IAsyncLifetime, IDisposable
{
    private readonly LiveDemo _demo = new();

    public Task InitializeAsync() => _demo.InitializeAsync();

    public Task DisposeAsync() => _demo.DisposeAsync();

    public void Dispose() => _demo.Dispose();

    [Fact]
    public async Task HintedPart_IsHeldUntilItIsWholeAndIsTheListedOne()
    {
        long blockedBefore = await _demo.BlockedRequestsAsync();
        string hint = (await _demo.PlaylistAsync("")).Split('\n').Single(static line => line.StartsWith("#EXT-X-PRELOAD-HINT", StringComparison.Ordinal)).Split('"')[1];
        Task<HttpResponseMessage> held = _demo.Client.GetAsync(LiveDemo.Relative(_demo.Track + hint), HttpCompletionOption.ResponseHeadersRead);
        Task<HttpResponseMessage> reload = _demo.Client.GetAsync(LiveDemo.Relative($"{_demo.Track}playlist.m3u8?_HLS_msn=5&_HLS_part=1"));
        Assert.NotSame(held, await Task.WhenAny(held, reload, Task.Delay(200)));
        Assert.False(reload.IsCompleted);

        await _demo.Body.Writer.WriteAsync(SyntheticBody.Part(4520, 12));

        using HttpResponseMessage part = await held.WaitAsync(Eventually.Patience);
        using HttpResponseMessage playlist = await reload.WaitAsync(Eventually.Patience);
        Assert.Contains($"URI=\"{hint}\"", await playlist.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(await _demo.Client.GetByteArrayAsync(LiveDemo.Relative(_demo.Track + hint)), await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(2, await _demo.BlockedRequestsAsync() - blockedBefore);
    }

    [Fact]
    public async Task Broadcast_ThatEnds_AnswersHeldReloadsWithItsEndAndIgnoresDirectives()
    {
        long blockedBefore = await _demo.BlockedRequestsAsync();
        Task<string> reload = _demo.PlaylistAsync("?_HLS_msn=6");
        await Eventually.TrueAsync(async () => await _demo.BlockedRequestsAsync() == blockedBefore + 1, "the reload is held");

        await _demo.Body.Writer.CompleteAsync();

        Assert.EndsWith("#EXT-X-ENDLIST\n", await reload.WaitAsync(Eventually.Patience), StringComparison.Ordinal);
        Assert.DoesNotContain("PRELOAD-HINT", await _demo.PlaylistAsync("?_HLS_msn=99&_HLS_part=x"), StringComparison.Ordinal);
        using HttpResponseMessage receipt = await _demo.Push!.WaitAsync(Eventually.Patience);
        JsonElement told = await receipt.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("live/demo", 3, 4.52), (told.GetProperty("broadcast").GetString(), told.GetProperty("fragments").GetInt32(), told.GetProperty("durationSeconds").GetDouble()));
    }
}
