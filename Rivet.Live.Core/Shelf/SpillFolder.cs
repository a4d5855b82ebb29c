using Microsoft.Win32.SafeHandles;

namespace Rivet.Live.Core.Shelf;

/// <summary>One session's segments on disk, in a folder of its own that goes with the session.</summary>
/// <remarks>
/// The folder has a marker file, which is locked for as long as its process lives: what a crashed run left behind is known by its name and by a
/// marker that nobody holds, so no other server's and nobody else's files are ever removed.
/// </remarks>
internal sealed class SpillFolder(SpillDirectory directory, string path) : IDisposable
{
    private const string Prefix = "rivet-session-";
    public const string MarkerName = ".rivet-live";

    // Touched by the directory's writer only.
    private FileStream? _marker;

    public static string PathOf(string directory, string sessionId) => Path.Combine(directory, Prefix + sessionId);

    /// <summary>Removes what earlier runs that did not end well have left.</summary>
    public static void RemoveLeftovers(string directory)
    {
        try
        {
            foreach (string left in Directory.GetDirectories(directory, Prefix + "*").Where(IsLeft))
            {
                RemoveAll(left);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // By design: no folder yet, or one that cannot be read; the first write tells what is wrong.
        }
    }

    /// <summary>Queues a segment to be written.</summary>
    /// <param name="name">Names it in this session.</param>
    /// <param name="content">Gives the bytes when it is their turn; null where they are no longer needed.</param>
    /// <param name="done">Hears on the writer's thread where it lies, or null when it could not be written.</param>
    public void Spill(string name, Func<MemoryBytes?> content, Action<string?> done)
    {
        string file = Path.Combine(path, name);
        directory.Enqueue(new SpillJob(this, file, content, written => done(written ? file : null)));
    }

    public Task<MediaBytes?> OpenAsync(string file, CancellationToken aborted) => directory.OpenAsync(file, aborted);

    public void Delete(string file) => directory.Enqueue(new SpillJob(this, file, Content: null, Done: null));

    /// <summary>The disk takes less than comes.</summary>
    public void FallsBehind() => directory.Trouble("It takes less than the broadcasts make.");

    /// <summary>Removes the folder when everything queued before is done.</summary>
    public void Dispose() => directory.Enqueue(new SpillJob(this, File: null, Content: null, Done: null));

    /// <summary>Called by the writer.</summary>
    public void Write(string file, MemoryBytes content)
    {
        Mark();
        try
        {
            // The size is told first, so that a full disk refuses at once.
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write, preallocationSize: content.Length);
            RandomAccess.Write(handle, content.Pieces, 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The folder may have gone with its disk, and be back as another.
            _marker?.Dispose();
            _marker = null;
            Remove(file);
            throw;
        }
    }

    public static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // By design: what cannot be removed now is removed with its folder, or at the next start.
        }
    }

    /// <summary>Called by the writer.</summary>
    public void Remove()
    {
        _marker?.Dispose();
        _marker = null;
        RemoveAll(path);
    }

    private static bool IsLeft(string folder)
    {
        string marker = Path.Combine(folder, MarkerName);
        try
        {
            using FileStream? held = File.Exists(marker) ? new FileStream(marker, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null;
            return held is not null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // By design: its process lives, or it is not ours.
            return false;
        }
    }

    private static void RemoveAll(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // By design: it is tried again at the next start.
        }
    }

    private void Mark()
    {
        if (_marker is null)
        {
            Directory.CreateDirectory(path);
            _marker = new FileStream(Path.Combine(path, MarkerName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        }
    }
}
