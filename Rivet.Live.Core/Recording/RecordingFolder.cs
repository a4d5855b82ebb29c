using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Recording;

/// <summary>One session's recordings: a folder of its own below the broadcast's name, made when there is something to write.</summary>
/// <remarks>
/// A broadcast's name is a path that is safe as it is (<see cref="Media.BroadcastId.Rule"/>). While files grow there is a marker, locked for as long as the
/// process lives: files beside a marker that nobody holds were left by a crash.
/// </remarks>
internal sealed class RecordingFolder(string root, BroadcastSession session) : IDisposable
{
    public const string MarkerName = ".rivet-recording";

    // Several recorders create their files at the same time.
    private readonly Lock _markerLock = new();
    private readonly string _path = Path.Combine(
        root,
        session.Broadcast.ToString(),
        string.Create(CultureInfo.InvariantCulture, $"{session.StartedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{session.SessionId}"));

    private FileStream? _marker;

    public string RelativeOf(string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    /// <summary>A new file, never one that exists: the second of the same name ends in <c>-2</c>.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public (SafeFileHandle Handle, string Path) Create(string name)
    {
        Mark();
        for (int number = 1; true; number++)
        {
            string path = Path.Combine(_path, number == 1 ? $"{name}.mp4" : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}.mp4"));
            try
            {
                return (File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete), path);
            }
            catch (IOException) when (File.Exists(path))
            {
                // By design: nothing is overwritten.
            }
        }
    }

    /// <summary>Everything in it is finished.</summary>
    public void Release()
    {
        lock (_markerLock)
        {
            if (_marker is not null)
            {
                File.Delete(_marker.Name);
                Dispose();
            }
        }
    }

    /// <summary>Lets go of it; what is not finished is found at the next start.</summary>
    public void Dispose()
    {
        lock (_markerLock)
        {
            _marker?.Dispose();
            _marker = null;
        }
    }

    private void Mark()
    {
        lock (_markerLock)
        {
            if (_marker is null)
            {
                Directory.CreateDirectory(_path);
                _marker = new FileStream(Path.Combine(_path, MarkerName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            }
        }
    }
}
