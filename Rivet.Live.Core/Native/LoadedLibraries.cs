using System.Reflection;
using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>The one set of FFmpeg libraries that this process has loaded, and the answer to where LibraryImport finds them.</summary>
/// <remarks>
/// One per process because the run time allows one resolver per assembly and resolves every function once: a second set could never be
/// called. That is why this, alone in the house, hangs on a static field; it is filled once and then only read.
/// </remarks>
internal sealed class LoadedLibraries
{
    private readonly Lock _lock = new();
    private FFmpegRelease? _release;
    private Dictionary<string, nint> _handles = [];

    private LoadedLibraries() => NativeLibrary.SetDllImportResolver(typeof(LoadedLibraries).Assembly, Resolve);

    public static LoadedLibraries OfProcess { get; } = new();

    /// <summary>Loads the release that comes first in <paramref name="releases"/> and is complete; the same again when that one is loaded already.</summary>
    /// <param name="releases">Newest first.</param>
    /// <param name="tried">Every file name that was asked for.</param>
    /// <returns>The release now loaded, or null where none is complete.</returns>
    public FFmpegRelease? TryLoad(IEnumerable<FFmpegRelease> releases, List<string> tried)
    {
        lock (_lock)
        {
            FFmpegRelease[] wanted = [.. releases];
            if (_release is not null && wanted.Contains(_release))
            {
                return _release;
            }

            foreach (FFmpegRelease release in wanted)
            {
                if (TryOpen(release, tried) is not { } handles)
                {
                    continue;
                }

                if (_release is not null)
                {
                    Close(handles.Values);
                    throw new InvalidOperationException(
                        $"FFmpeg {_release.Family} is in use in this process, so FFmpeg {release.Family} cannot be: one process loads one release.");
                }

                _handles = handles;
                return _release = release;
            }

            return null;
        }
    }

    private static Dictionary<string, nint>? TryOpen(FFmpegRelease release, List<string> tried)
    {
        Dictionary<string, nint> handles = [];
        foreach ((string import, string fileName) in release.Files)
        {
            tried.Add(fileName);
            if (!NativeLibrary.TryLoad(fileName, out nint handle))
            {
                Close(handles.Values);
                return null;
            }

            handles.Add(import, handle);
        }

        return handles;
    }

    private static void Close(IEnumerable<nint> handles)
    {
        foreach (nint handle in handles)
        {
            NativeLibrary.Free(handle);
        }
    }

    private nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        lock (_lock)
        {
            // Zero sends the run time to its own search: right for libc.
            return _handles.GetValueOrDefault(libraryName);
        }
    }
}
