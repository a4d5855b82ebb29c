using System.Globalization;
using Rivet.Live.HlsCheck.Playlists;

namespace Rivet.Live.HlsCheck.Watching;

/// <summary>Follows one media playlist with blocking reloads, until the time is up or it has ended.</summary>
internal sealed class RenditionWatch(
    Origin origin, Rendition rendition, TimeSpan until, IReadOnlyDictionary<string, string> variables, Action<string> progress)
{
    public async Task RunAsync(CancellationToken cancelling)
    {
        Reload reload = await ReloadAsync(null, cancelling);
        if (reload.Playlist is not { } first)
        {
            return;
        }

        using var media = new MediaWatch(origin, rendition, until);
        var probes = new Probing(origin, rendition, until, variables);
        media.Follow(first, cancelling);
        Task probing = first.IsEnded || rendition.IsIFrame ? Task.CompletedTask : probes.RunLiveAsync(cancelling);
        while (rendition.Latest is { IsEnded: false } latest && origin.Now < until)
        {
            if (!latest.CanBlock || reload.Playlist is null || rendition.IsIFrame)
            {
                double wait = (double)(latest.TargetDuration ?? 1) / 2;
                await Task.Delay(TimeSpan.FromSeconds(wait), origin.Time, cancelling);
            }

            reload = await ReloadAsync(latest.CanBlock && !rendition.IsIFrame ? latest.Next : null, cancelling);
            if (reload.Playlist is { } playlist)
            {
                media.Follow(playlist, cancelling);
            }

            if (reload is { Playlist: { IsEnded: false } early, Wanted: { } wanted } && !early.Reaches(wanted))
            {
                // An origin that does not hold is not hammered.
                await Task.Delay(TimeSpan.FromSeconds((double)(early.PartTarget ?? early.TargetDuration ?? 1)), origin.Time, cancelling);
            }
        }

        await probing;
        if (rendition.IsEnded)
        {
            await probes.RunEndedAsync(cancelling);
        }

        await media.CompleteAsync();
        progress($"{rendition}: {rendition.Reloads.Count} playlists, {rendition.Media.Count} media resources{(rendition.IsEnded ? ", ended" : "")}");
    }

    /// <summary>The URL of a reload that waits for a place.</summary>
    public static Uri Blocking(Uri uri, Position wanted, string more = "")
    {
        string part = wanted.Part < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"&_HLS_part={wanted.Part}");
        return With(uri, string.Create(CultureInfo.InvariantCulture, $"_HLS_msn={wanted.Sequence}{part}{more}"));
    }

    public static Uri With(Uri uri, string query) => new(uri + (uri.Query.Length > 0 ? "&" : "?") + query);

    private async Task<Reload> ReloadAsync(Position? wanted, CancellationToken cancelling)
    {
        // Playlists without parts know no part numbers.
        Position? asked = wanted is { } place && rendition.Latest?.PartTarget is null ? place with { Part = -1 } : wanted;
        Exchange exchange = await origin.SendAsync(asked is { } at ? Blocking(rendition.Uri, at) : rendition.Uri, cancelling);
        MediaPlaylist? playlist = exchange.IsOk && MediaPlaylistParser.IsMeant(exchange.Text)
            ? MediaPlaylistParser.Parse(rendition.Uri, exchange.Text, variables)
            : null;
        var reload = new Reload(exchange, asked, playlist);
        rendition.Add(reload);
        return reload;
    }
}
