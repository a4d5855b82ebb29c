namespace Rivet.Live.Configuration;

/// <summary>Whether a folder can be written to, found out by writing.</summary>
internal static class FolderProbe
{
    /// <returns>Null where it can, now or once it is made.</returns>
    public static string? WhyNotWritable(string folder)
    {
        try
        {
            bool isThere = Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            if (!isThere)
            {
                // Who only asks leaves nothing behind.
                Directory.Delete(folder);
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return failure.Message.TrimEnd('.');
        }
    }
}
