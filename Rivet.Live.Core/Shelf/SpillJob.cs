namespace Rivet.Live.Core.Shelf;

/// <summary>One thing that the disk's writer does.</summary>
/// <param name="Folder">Where.</param>
/// <param name="File">Full path of a segment's file; null for the whole folder.</param>
/// <param name="Content">Gives what is written, or null where nobody needs it any more; null removes. What waits here holds no memory.</param>
/// <param name="Done">Hears whether it was written.</param>
internal sealed record SpillJob(SpillFolder Folder, string? File, Func<MemoryBytes?>? Content, Action<bool>? Done)
{
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Run()
    {
        if (Content is not null)
        {
            using MemoryBytes? content = Content();
            if (content is not null)
            {
                Folder.Write(File!, content);
                Done?.Invoke(true);
            }
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

    public void Failed() => Done?.Invoke(false);
}
