namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>One of NVENC's structs in one version of its API.</summary>
/// <param name="Name">As the API's header calls it.</param>
/// <param name="Size">In bytes.</param>
/// <param name="VersionWord">What its <c>version</c> must be; 0 for a struct without one.</param>
/// <param name="Fields">Those that are used here, and no others.</param>
internal sealed record NvencStructLayout(string Name, int Size, uint VersionWord, IReadOnlyDictionary<string, NvencField> Fields)
{
    /// <exception cref="KeyNotFoundException">This version has no such field.</exception>
    public NvencField this[string field] => Fields.TryGetValue(field, out NvencField found)
        ? found
        : throw new KeyNotFoundException($"{Name} has no {field} here; it has {string.Join(", ", Fields.Keys)}.");
}
