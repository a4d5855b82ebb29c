using System.Globalization;
using Rivet.Live.HlsCheck.Playlists;

namespace Rivet.Live.HlsCheck.Watching;

/// <summary>Follows every media playlist of a multivariant playlist for a while, as a player does, and asks what players seldom ask.</summary>
/// <param name="origin">Where requests go.</param>
/// <param name="seconds">How long.</param>
/// <param name="slack">What the network and this machine may add to any time.</param>
/// <param name="progress">Told in words what goes on.</param>
internal sealed class Watcher(Origin origin, double seconds, TimeSpan slack, Action<string> progress)
{
    /// <exception cref="UnreachableException">There is no playlist at the URL.</exception>
    public async Task<Observations> WatchAsync(Uri url, CancellationToken cancelling)
    {
        Exchange first = await origin.SendAsync(url, cancelling);
        if (!first.IsOk || !first.Text.StartsWith("#EXT", StringComparison.Ordinal))
        {
            throw new UnreachableException($"{url}: {(first.IsOk ? "no playlist" : first.Outcome)}");
        }

        MultivariantPlaylist? master = first.Text.Contains("#EXT-X-STREAM-INF", StringComparison.Ordinal) ? MultivariantPlaylist.Parse(url, first.Text) : null;
        List<Rendition> renditions = master is null ? [new Rendition(url, isIFrame: false)] : [.. Named(master)];
        progress($"{renditions.Count} media playlist(s); watching for {seconds.ToString(CultureInfo.InvariantCulture)} s");
        TimeSpan until = origin.Now + TimeSpan.FromSeconds(seconds);
        await Task.WhenAll(renditions.Select(rendition =>
            new RenditionWatch(origin, rendition, until, master?.Variables ?? new Dictionary<string, string>(), progress).RunAsync(cancelling)));
        return new Observations(master, renditions, master is null ? null : await SteeringAsync(master, cancelling), slack, origin.Now);
    }

    private static IEnumerable<Rendition> Named(MultivariantPlaylist master)
    {
        IEnumerable<(Uri Uri, bool IsIFrame)> all =
        [
            .. master.Variants.Select(static variant => (variant.Uri, false)),
            .. master.Media.Where(static media => media.Uri is not null).Select(static media => (media.Uri!, false)),
            .. master.AllVariants.Where(static variant => variant.IsIFrame).Select(static variant => (variant.Uri, true)),
        ];
        return all.DistinctBy(static named => named.Uri).Select(static named => new Rendition(named.Uri, named.IsIFrame));
    }

    private async Task<Exchange?> SteeringAsync(MultivariantPlaylist master, CancellationToken cancelling)
    {
        PlaylistTag? tag = master.Tags.FirstOrDefault(static tag => tag.Name == "EXT-X-CONTENT-STEERING");
        return tag is not null && new AttributeList(tag.Value, static _ => { }).Text("SERVER-URI") is { } relative && Uri.TryCreate(master.Uri, relative, out Uri? uri)
            ? await origin.SendAsync(uri, cancelling)
            : null;
    }
}
