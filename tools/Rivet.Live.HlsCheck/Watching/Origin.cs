using System.Net;

namespace Rivet.Live.HlsCheck.Watching;

/// <summary>Sends requests and notes when what came back.</summary>
internal sealed class Origin(HttpMessageInvoker http, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    public TimeSpan Now => time.GetElapsedTime(_began);

    public TimeProvider Time => time;

    /// <summary>Never throws for what the origin does: a connection that fails is an answer with status 0.</summary>
    public async Task<Exchange> SendAsync(Uri uri, CancellationToken cancelling, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        TimeSpan asked = Now;
        using HttpRequestMessage request = new(method ?? HttpMethod.Get, uri) { Version = HttpVersion.Version11 };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancelling);
            (ReadOnlyMemory<byte> body, TimeSpan firstByte) = await ReadAsync(response, cancelling);
            return new Exchange
            {
                Uri = uri,
                Asked = asked,
                FirstByte = firstByte,
                LastByte = Now,
                Status = (int)response.StatusCode,
                Body = body,
                Headers = response.Headers.Concat(response.Content.Headers)
                    .ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            // By design: what an origin does wrong is what this is for; the rules judge it.
            string why = failure is OperationCanceledException ? "no answer before the watch ended" : failure.Message;
            return new Exchange { Uri = uri, Asked = asked, FirstByte = Now, LastByte = Now, Status = 0, Failure = why };
        }
    }

    private async Task<(ReadOnlyMemory<byte> Body, TimeSpan FirstByte)> ReadAsync(HttpResponseMessage response, CancellationToken cancelling)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancelling);
        using MemoryStream body = new();
        byte[] buffer = new byte[65536];
        TimeSpan? firstByte = null;
        while (await stream.ReadAsync(buffer, cancelling) is > 0 and int read)
        {
            firstByte ??= Now;
            await body.WriteAsync(buffer.AsMemory(0, read), cancelling);
        }

        return (body.ToArray(), firstByte ?? Now);
    }
}
