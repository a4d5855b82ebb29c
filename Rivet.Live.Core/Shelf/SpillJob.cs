namespace Rivet.Live.Core.Shelf;

/// <summary>One thing that the disk's writer does.</summary>
/// <param name="Folder">Where.</param>
/// <param name="File">Full path of a segment's file; null for the whole folder.</param>
/// <param name="Content">What is written, and disposed then; null removes.</param>
/// <param name="Done">Hears whether it was written.</param>
internal sealed record SpillJob(SpillFolder Folder, string? File, MemoryBytes? Content, Action<bool>? Done)
{
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Run()
    {
        if (Content is not null)
        {
            Folder.Write(File!, Content);
            Content.Dispose();
            Done?.Invoke(true);
        }
        else if (File is not null)
        {
            SpillFolder.Remove(File);
        }
        else
        {
            Folder.Remove();
        }
    }

    public void Failed()
    {
        Content?.Dispose();
        Done?.Invoke(false);
    }
}
