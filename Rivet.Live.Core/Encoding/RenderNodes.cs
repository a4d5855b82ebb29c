namespace Rivet.Live.Core.Encoding;

/// <summary>The GPUs that Linux has a render node for, from what the kernel says of them.</summary>
internal static class RenderNodes
{
    private const string Nodes = "renderD*";
    private const string IntelId = "0x8086";
    private const string AmdId = "0x1002";
    private const string NvidiaId = "0x10de";

    /// <summary>One entry for each node that can be reached by VA-API, in the kernel's order: the ways to its encoders, the best first.</summary>
    /// <param name="sysfs">The kernel's directory of graphics devices: <c>/sys/class/drm</c>.</param>
    /// <param name="devices">Where the nodes' files are: <c>/dev/dri</c>.</param>
    public static IReadOnlyList<IReadOnlyList<HardwareNode>> Find(string sysfs, string devices)
    {
        if (!Directory.Exists(sysfs))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFileSystemEntries(sysfs, Nodes)
                .Where(entry => File.Exists(Path.Combine(devices, Path.GetFileName(entry))))
                .OrderBy(static entry => entry.Length)
                .ThenBy(static entry => entry, StringComparer.Ordinal)
                .Select(entry => WaysTo(Path.Combine(entry, "device"), Path.Combine(devices, Path.GetFileName(entry))))
                .Where(static ways => ways.Count > 0),
        ];
    }

    private static IReadOnlyList<HardwareNode> WaysTo(string device, string address) => Read(device, "vendor") switch
    {
        IntelId => [new(EncoderApi.Qsv, "intel", NameOf(device), address), new(EncoderApi.Vaapi, "intel", NameOf(device), address)],
        AmdId => [new(EncoderApi.Vaapi, "amd", NameOf(device), address)],

        // CUDA has it under a number.
        NvidiaId => [],

        // A virtual machine's adapter, or a display's: none of them has encoders.
        _ => [],
    };

    /// <summary>The name on the board, which AMD's say; the PCI numbers otherwise, which people can look up.</summary>
    private static string? NameOf(string device) => Read(device, "product_name") is { Length: > 0 } name ? name
        : Read(device, "device") is { } number ? $"PCI {Read(device, "vendor")?[2..]}:{number[2..]}" : null;

    private static string? Read(string device, string attribute)
    {
        string path = Path.Combine(device, attribute);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // By design: a device that does not say what it is is none that we can name.
            return null;
        }
    }
}
