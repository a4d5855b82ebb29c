using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Rivet.Live.Hosting;

/// <summary>The files of <c>Web/</c>, read once out of the assembly.</summary>
internal sealed class WebPages
{
    public string Watch { get; } = Read("watch.html");

    public string Index { get; } = Read("index.html");

    public string NotFound { get; } = Read("not-found.html");

    public string Style { get; } = Read("style.css");

    public string WatchScript { get; } = Read("watch.js");

    public string KeepUpScript { get; } = Read("keep-up.js");

    public string FirstPlaylistsScript { get; } = Read("first-playlists.js");

    public string IndexScript { get; } = Read("index.js");

    /// <summary>The pinned version of hls.js: part of its URL, so that a copy may be kept for ever.</summary>
    public string PlayerVersion { get; } = JsonDocument.Parse(Read("package.json")).RootElement
        .GetProperty("dependencies").GetProperty("hls.js").GetString()!;

    private static string Read(string name)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Web/{name}")
            ?? throw new InvalidOperationException($"The assembly was built without Web/{name}; build it again from a complete checkout.");
        using StreamReader reader = new(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
