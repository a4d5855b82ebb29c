using System.Text.RegularExpressions;

namespace Rivet.Live.Tests.Support;

/// <summary>The checkout that these tests were built from, for tests that read the sources.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "node_modules", "TestResults", ".git"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to <see cref="Root"/>, with '/', without what builds leave behind.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(step => Generated.Contains(step)))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The built server of this build's configuration (Debug or Release).</summary>
    public static string ServerAssembly
    {
        get
        {
            string path = Regex.Replace(AppContext.BaseDirectory.Replace('\\', '/'), "/Rivet.Live.Tests/(bin/.+)$", "/Rivet.Live/$1");
            return Path.Combine(path, "Rivet.Live.dll");
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rivet.Live.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Rivet.Live.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
