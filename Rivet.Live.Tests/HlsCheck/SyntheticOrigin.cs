using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Web;
using System.Collections.Specialized;

namespace Rivet.Live.Tests.HlsCheck;

/// <summary>Serves <see cref="SyntheticBroadcast"/> as the rules want it, on a virtual clock, with the faults it is told to have.</summary>
internal sealed class SyntheticOrigin(VirtualTime time, Faults faults) : HttpMessageHandler
{
    /// <summary>Parts that exist when a watch begins.</summary>
    private const int Before = 101;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private readonly long _began = time.GetTimestamp();

    private double Seconds => time.GetElapsedTime(_began).TotalSeconds + 1e-6;

    private int Parts => Math.Min(Before + faults.Parts(Seconds), End);

    private int End => faults.EndsAfter == int.MaxValue ? int.MaxValue : Before + faults.EndsAfter;

    private bool IsEnded => Parts == End;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(Latency, time, cancellationToken);
        string path = request.RequestUri!.PathAndQuery;
        SyntheticAnswer answer = faults.Answer(path, Seconds, Finished(request, await AnswerAsync(request.RequestUri, cancellationToken)));
        await Task.Delay(answer.Delay, time, cancellationToken);
        HttpResponseMessage response = new((HttpStatusCode)answer.Status) { Content = new TricklingContent(answer, time) };
        foreach ((string name, string value) in answer.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    private async Task<SyntheticAnswer> AnswerAsync(Uri uri, CancellationToken cancelling)
    {
        string[] steps = uri.AbsolutePath.Trim('/').Split('/');
        switch (steps)
        {
            case ["master.m3u8"]:
                return Text(faults.Master(SyntheticBroadcast.Master), "max-age=1");
            case ["steering.json"]:
                return Text("""{"VERSION":1,"TTL":300,"PATHWAY-PRIORITY":["."]}""", "max-age=1");
            case [string rendition, "playlist.m3u8"]:
                return await PlaylistAsync(rendition, HttpUtility.ParseQueryString(uri.Query), cancelling);
            case [string rendition, "init.mp4"]:
                return Media(SyntheticBroadcast.Init(rendition));
            case [string rendition, [char kind, .. string number] file] when file.EndsWith(".m4s", StringComparison.Ordinal) && int.TryParse(number[..^4], out int index):
                return await MediaAsync(rendition, kind, index, cancelling);
            default:
                return SyntheticAnswer.Empty(404);
        }
    }

    private async Task<SyntheticAnswer> PlaylistAsync(string rendition, NameValueCollection query, CancellationToken cancelling)
    {
        int? sequence = query["_HLS_msn"] is { } msn ? int.Parse(msn, CultureInfo.InvariantCulture) : null;
        int? part = query["_HLS_part"] is { } asked ? int.Parse(asked, CultureInfo.InvariantCulture) : null;
        if (!IsEnded && rendition[0] != 'i')
        {
            int newest = (Parts - 1) / SyntheticBroadcast.PartsPerSegment;
            bool isTooFar = sequence > newest + 2 || (sequence == newest && part > ((Parts - 1) % SyntheticBroadcast.PartsPerSegment) + 15);
            if (isTooFar || (part is not null && sequence is null))
            {
                return SyntheticAnswer.Empty(400);
            }

            if (sequence is { } wanted && faults.Waits((wanted, part)) is { } place && !await WaitAsync(PartsNeeded(place.Sequence, place.Part), cancelling))
            {
                return SyntheticAnswer.Empty(503);
            }
        }

        bool isDelta = query["_HLS_skip"] is not null && !IsEnded;
        string text = faults.Playlist(rendition, Parts, SyntheticBroadcast.Playlist(rendition, Parts, IsEnded, isDelta));
        return Text(isDelta ? faults.Delta(text) : text, sequence is null ? "max-age=1" : "max-age=6");
    }

    private static int PartsNeeded(int sequence, int? part) => part is null or >= SyntheticBroadcast.PartsPerSegment
        ? ((sequence + 1) * SyntheticBroadcast.PartsPerSegment) + (part is null ? 0 : 1)
        : (sequence * SyntheticBroadcast.PartsPerSegment) + part.Value + 1;

    private async Task<SyntheticAnswer> MediaAsync(string rendition, char kind, int index, CancellationToken cancelling)
    {
        int perSegment = SyntheticBroadcast.PartsPerSegment;
        switch (kind)
        {
            case 'p' when !SyntheticBroadcast.IsGap(index / perSegment) && index <= Parts + perSegment && await WaitAsync(index + 1, cancelling) && Parts > index:
                return Media(SyntheticBroadcast.Part(rendition, index));
            case 's' when (index + 1) * perSegment <= Parts && !SyntheticBroadcast.IsGap(index):
                return Media(SyntheticBroadcast.Segment(rendition, index));
            case 'i' when (index + 1) * perSegment <= Parts:
                return Media(SyntheticBroadcast.IFrame(index));
            default:
                return SyntheticAnswer.Empty(404);
        }
    }

    private async Task<bool> WaitAsync(int parts, CancellationToken cancelling)
    {
        long began = time.GetTimestamp();
        while (Parts < parts && !IsEnded)
        {
            if (time.GetElapsedTime(began) > Longest)
            {
                return false;
            }

            await Task.Delay(Poll, time, cancelling);
        }

        return true;
    }

    private static SyntheticAnswer Text(string text, string cacheControl) =>
        new(200, System.Text.Encoding.UTF8.GetBytes(text), new Dictionary<string, string> { ["Cache-Control"] = cacheControl, ["Vary"] = "Accept-Encoding", ["ETag"] = $"\"{text.GetHashCode(StringComparison.Ordinal)}\"" });

    private static SyntheticAnswer Media(byte[] body) => new(200, body, new Dictionary<string, string> { ["Cache-Control"] = "max-age=31536000" });

    /// <summary>HEAD, If-None-Match, Range and Accept-Encoding.</summary>
    private static SyntheticAnswer Finished(HttpRequestMessage request, SyntheticAnswer answer)
    {
        if (answer.Status != 200)
        {
            return answer;
        }

        if (request.Headers.TryGetValues("If-None-Match", out IEnumerable<string>? tags) && answer.Headers.TryGetValue("ETag", out string? tag) && tags.Contains(tag))
        {
            return answer with { Status = 304, Body = [] };
        }

        if (request.Headers.Range?.Ranges.Single() is { From: { } from, To: { } to } && !answer.Headers.ContainsKey("ETag"))
        {
            return answer with { Status = 206, Body = answer.Body[(int)from..(int)Math.Min(to + 1, answer.Body.Length)] };
        }

        if (request.Headers.AcceptEncoding.Any(static encoding => encoding.Value == "gzip"))
        {
            using MemoryStream zipped = new();
            using (GZipStream gzip = new(zipped, CompressionLevel.Fastest))
            {
                gzip.Write(answer.Body);
            }

            return answer.With("Content-Encoding", "gzip") with { Body = zipped.ToArray() };
        }

        return request.Method == HttpMethod.Head ? answer with { Body = [] } : answer;
    }
}
