namespace Rivet.Live.Bench.Publishing;

/// <summary>One publisher at work. Disposing ends its broadcast.</summary>
internal sealed class Push : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly RealTimeBody _body;
    private readonly Task _sending;

    public Push(Uri url, PublisherSource source)
    {
        _body = new RealTimeBody(source, _stop.Token);
        _sending = SendAsync(url);
    }

    /// <summary>When the newest fragment had been written, in timestamps of the system's clock.</summary>
    public long LastWrite => _body.LastWrite;

    /// <summary>When a fragment had been written, in timestamps of the system's clock; 0 before.</summary>
    public long WrittenAt(int fragment) => _body.WrittenAt(fragment);

    /// <summary>Fails where the publisher has come to its end already: what was measured meanwhile is worth nothing.</summary>
    public async Task MustBeRunningAsync()
    {
        if (_sending.IsCompleted)
        {
            await _sending;
            throw new InvalidOperationException("A publisher came to its end before the measurement did.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _body.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(Uri url)
    {
        using HttpClient client = new() { Timeout = Timeout.InfiniteTimeSpan };
        using HttpRequestMessage request = new(HttpMethod.Put, url) { Content = _body };
        using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{url} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
        }
    }
}
