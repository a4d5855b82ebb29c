using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Rivet.Live.Hosting;

/// <summary>The files of <c>Web/</c>, read once out of the assembly.</summary>
internal sealed class WebPages
{
    private readonly Dictionary<string, string> _files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(static name => name.StartsWith("Web/", StringComparison.Ordinal))
        .ToDictionary(static name => name["Web/".Length..], Read);

    public WebPages() => Libraries = JsonDocument.Parse(this["package.json"]).RootElement.GetProperty("dependencies")
        .EnumerateObject().ToDictionary(static library => library.Name, static library => library.Value.GetString()!);

    /// <summary>Libraries from npm and their pinned versions: part of their URLs, so that copies may be kept for ever.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; }

    /// <exception cref="InvalidOperationException">The build was not complete.</exception>
    public string this[string name] => Find(name)
        ?? throw new InvalidOperationException($"The assembly was built without Web/{name}; build it again from a complete checkout.");

    /// <summary>A file's text; null where there is none of that name.</summary>
    public string? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>A page with the libraries' versions in place.</summary>
    public string Page(string name) => Libraries.Aggregate(
        this[name], static (page, library) => page.Replace($"{{{{{library.Key}}}}}", library.Value, StringComparison.Ordinal));

    private static string Read(string resource)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using StreamReader reader = new(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
