namespace Rivet.Live.Tests.Support;

/// <summary>A master playlist as a player reads it.</summary>
/// <param name="Text">As it came.</param>
/// <param name="Variants">The video playlists, by name, in the order in which they are listed.</param>
/// <param name="Audio">The audio playlist that all of them share; null where there is none.</param>
internal sealed record MasterPlaylist(string Text, IReadOnlyList<(string Name, Uri Uri)> Variants, Uri? Audio)
{
    public IEnumerable<string> Names => Variants.Select(static variant => variant.Name);

    /// <summary>Every media playlist that is listed.</summary>
    public IEnumerable<Uri> Playlists => Variants.Select(static variant => variant.Uri).Concat(Audio is null ? [] : [Audio]);

    public static MasterPlaylist Parse(Uri uri, string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string? audio = lines.FirstOrDefault(static line => line.StartsWith("#EXT-X-MEDIA:TYPE=AUDIO", StringComparison.Ordinal));
        IEnumerable<Uri> variants = lines.Where(static line => !line.StartsWith('#')).Select(line => new Uri(uri, line));
        return new MasterPlaylist(
            text,
            [.. variants.Select(static variant => (variant.Segments[^2].TrimEnd('/'), variant))],
            audio is null ? null : new Uri(uri, audio.Split("URI=\"")[1].Split('"')[0]));
    }

    /// <summary>The playlist of a track, whether it is listed or not.</summary>
    public Uri PlaylistOf(string track) => new(Variants[0].Uri, $"../{track}/playlist.m3u8");
}
