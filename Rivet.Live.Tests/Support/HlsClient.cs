using System.Net;
using Xunit;

namespace Rivet.Live.Tests.Support;

/// <summary>Reads playlists and media as a player does.</summary>
internal sealed class HlsClient(HttpClient http)
{
    /// <summary>The master playlist, asked for until there is one.</summary>
    public async Task<MasterPlaylist> MasterAsync(string broadcast)
    {
        Uri uri = new(http.BaseAddress!, $"/hls/{broadcast}/master.m3u8");
        MasterPlaylist? master = null;
        await Patience.UntilAsync(
            async () =>
            {
                using HttpResponseMessage answer = await http.GetAsync(uri);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return false;
                }

                answer.EnsureSuccessStatusCode();
                master = MasterPlaylist.Parse(uri, await answer.Content.ReadAsStringAsync());
                return true;
            },
            $"'{broadcast}' can be played");
        return master!;
    }

    public async Task<MediaPlaylist> PlaylistAsync(Uri uri) => MediaPlaylist.Parse(uri, await http.GetStringAsync(uri));

    /// <summary>Reloads, each time when the next part exists, until the condition holds.</summary>
    public async Task<MediaPlaylist> PlaylistAsync(Uri uri, Func<MediaPlaylist, bool> until, string description)
    {
        MediaPlaylist playlist = await PlaylistAsync(uri);
        await Patience.UntilAsync(
            async () =>
            {
                if (until(playlist))
                {
                    return true;
                }

                Assert.False(playlist.IsEnded, $"{uri} ended before {description}:\n{playlist.Text}");
                using HttpResponseMessage answer = await http.GetAsync(playlist.NextReload);

                // 503: nothing came in three target durations; a player asks again.
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    answer.EnsureSuccessStatusCode();
                    playlist = MediaPlaylist.Parse(uri, await answer.Content.ReadAsStringAsync());
                }

                return false;
            },
            $"{uri}: {description}");
        return playlist;
    }

    /// <summary>The playlist with its ENDLIST.</summary>
    public Task<MediaPlaylist> EndedAsync(Uri uri) => PlaylistAsync(uri, static playlist => playlist.IsEnded, "it has ENDLIST");

    /// <summary>Writes init and segments one after the other into a file; returns where in the file each segment begins.</summary>
    public async Task<IReadOnlyList<long>> DownloadAsync(IReadOnlyList<ListedSegment> segments, string path)
    {
        List<long> offsets = [];
        await using FileStream file = File.Create(path);
        Uri? map = null;
        foreach (ListedSegment segment in segments)
        {
            if (segment.Map != map)
            {
                map = segment.Map;
                await file.WriteAsync(await http.GetByteArrayAsync(map));
            }

            offsets.Add(file.Position);
            await file.WriteAsync(await http.GetByteArrayAsync(segment.Uri));
        }

        return offsets;
    }
}
