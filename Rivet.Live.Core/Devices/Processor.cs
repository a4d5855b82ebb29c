namespace Rivet.Live.Core.Devices;

/// <summary>The machine's processor, for people.</summary>
internal static class Processor
{
    /// <summary>Its model name; null where the system does not say.</summary>
    public static string? Name { get; } = Read();

    private static string? Read()
    {
        const string Path = "/proc/cpuinfo";
        string? line = File.Exists(Path)
            ? File.ReadLines(Path).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
