using System.Globalization;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>NVENC's structs in one version of its API, as <c>layout.txt</c> beside this file has them.</summary>
internal sealed class NvencLayout
{
    private const uint Signature = 7u << 28;
    private const uint MarkedBit = 1u << 31;
    private const string Absent = "-";

    private readonly Dictionary<string, NvencStructLayout> _structs;

    private NvencLayout(NvencVersion version, Dictionary<string, NvencStructLayout> structs)
    {
        Version = version;
        _structs = structs;
    }

    /// <summary>Every version that is known, the newest first.</summary>
    public static IReadOnlyList<NvencLayout> All { get; } = ReadAll();

    public NvencVersion Version { get; }

    public IEnumerable<NvencStructLayout> Structs => _structs.Values;

    /// <exception cref="KeyNotFoundException">This version has no such struct.</exception>
    public NvencStructLayout this[string name] => _structs.TryGetValue(name, out NvencStructLayout? found)
        ? found
        : throw new KeyNotFoundException($"NVENC {Version} has no {name}.");

    public bool Has(string name) => _structs.ContainsKey(name);

    /// <summary>A struct in zeroed memory, with its version word.</summary>
    public NvencBlock Allocate(string name) => new(this, this[name]);

    private static IReadOnlyList<NvencLayout> ReadAll()
    {
        using Stream stream = typeof(NvencLayout).Assembly.GetManifestResourceStream("Nvenc/layout.txt")!;
        using StreamReader reader = new(stream);
        string[][] lines =
        [
            .. reader.ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(static line => line[0] != '#')
                .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        ];
        string[] versions = lines[0][1..];
        return [.. versions.Select((version, column) => Read(NvencVersion.Parse(version), lines[1..], column)).Reverse()];
    }

    private static NvencLayout Read(NvencVersion version, string[][] lines, int column)
    {
        Dictionary<string, Dictionary<string, string>> values = [];
        Dictionary<string, string> current = [];
        foreach (string[] words in lines)
        {
            if (words.Length == 1)
            {
                values.Add(words[0], current = []);
            }
            else if ((words.Length == 2 ? words[1] : words[column + 1]) is var value && value != Absent)
            {
                current.Add(words[0], value);
            }
        }

        return new NvencLayout(
            version,
            values.Where(static one => one.Value.ContainsKey("size")).ToDictionary(static one => one.Key, one => Read(one.Key, version, one.Value)));
    }

    private static NvencStructLayout Read(string name, NvencVersion version, Dictionary<string, string> values)
    {
        uint word = 0;
        if (values.Remove("revision", out string? revision))
        {
            uint number = uint.Parse(revision.TrimEnd('!'), CultureInfo.InvariantCulture);
            word = version.Word | (number << 16) | Signature | (revision.EndsWith('!') ? MarkedBit : 0);
        }

        values.Remove("size", out string? size);
        return new NvencStructLayout(
            name,
            int.Parse(size!, CultureInfo.InvariantCulture),
            word,
            values.ToDictionary(static field => field.Key, static field => NvencField.Parse(field.Value)));
    }
}
