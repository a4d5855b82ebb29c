using System.Net;

namespace Rivet.Live.Bench.Viewers;

/// <summary>Where a broadcast's own video is played from.</summary>
internal static class SourcePlaylist
{
    /// <summary>Waits until the broadcast can be played.</summary>
    public static async Task<Uri> FindAsync(HttpClient client, Uri server, string broadcast)
    {
        Uri master = new(server, $"hls/{broadcast}/master.m3u8");
        while (true)
        {
            using HttpResponseMessage answer = await client.GetAsync(master);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                string text = await answer.Content.ReadAsStringAsync();
                return new Uri(master, text.Split('\n').First(static line => line.EndsWith("/source/playlist.m3u8", StringComparison.Ordinal)));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    /// <summary>A part that came just now, and can be fetched for six target durations. The first of a segment is its largest: not that one.</summary>
    public static async Task<Uri> NewestPartAsync(HttpClient client, Uri playlist)
    {
        while (true)
        {
            string[] lines = (await client.GetStringAsync(playlist)).Split('\n');
            string? part = lines.LastOrDefault(static line => line.StartsWith("#EXT-X-PART:", StringComparison.Ordinal));
            if (part is not null && !part.Contains("INDEPENDENT", StringComparison.Ordinal))
            {
                return new Uri(playlist, part.Split("URI=\"")[1].Split('"')[0]);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
