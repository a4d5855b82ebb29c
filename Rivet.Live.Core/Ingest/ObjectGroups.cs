namespace Rivet.Live.Core.Ingest;

/// <summary>Which stream each object of a publisher belongs to: what manifests say, else what the names have in common.</summary>
internal sealed class ObjectGroups
{
    private readonly Dictionary<string, string> _streams = [];
    private readonly List<string> _inits = [];

    /// <summary>Names that were seen, numbering aside.</summary>
    public int Count => _streams.Count;

    /// <summary>A manifest says which media an init is for.</summary>
    public void Learn(PushedManifest manifest)
    {
        foreach ((ObjectName init, ObjectName media) in manifest.Tracks)
        {
            _streams[media.Key] = StreamOf(init);
        }
    }

    /// <summary>The stream's name: the same for an init and the media behind it.</summary>
    public string StreamOf(ObjectName name)
    {
        if (name.IsStream)
        {
            return name.Key;
        }

        if (!_streams.TryGetValue(name.Key, out string? stream))
        {
            stream = name.IsInit ? name.Key : InitFor(name.Key) ?? name.Key;
            _streams.Add(name.Key, stream);
        }

        if (name.IsInit && !_inits.Contains(stream))
        {
            _inits.Add(stream);
        }

        return stream;
    }

    /// <summary>Of the inits whose media is not known yet: the one whose name the media's ends with, else the newest.</summary>
    private string? InitFor(string mediaKey)
    {
        string[] free = [.. _inits.Where(init => !_streams.Any(entry => entry.Value == init && entry.Key != init))];
        return Array.Find(free, init => init.Length > 0 && mediaKey.EndsWith(init, StringComparison.Ordinal)) ?? free.LastOrDefault();
    }
}
