using System.Collections.Concurrent;

namespace Rivet.Live.Core.Hls;

/// <summary>How many players follow a broadcast: those that asked for a media playlist lately.</summary>
/// <remarks>HLS has no sessions: players are told apart by what the server is told of them, and a cache in front hides all but one.</remarks>
/// <param name="time">The clock.</param>
/// <param name="lately">A player that did not ask for so long is gone. Players ask at least once in one and a half target durations.</param>
internal sealed class ViewerCount(TimeProvider time, TimeSpan lately)
{
    /// <summary>Where there are more, those beyond are not counted: memory stays bounded.</summary>
    private const int PlayersMax = 200_000;

    private readonly ConcurrentDictionary<int, long> _seenAt = [];

    // Beside the dictionary, which takes all of its locks to count itself.
    private int _players;
    private int _peak;

    /// <summary>A player asked for a playlist.</summary>
    /// <param name="player">The same for the same player.</param>
    public void Saw(int player)
    {
        long now = time.GetTimestamp();
        if (_seenAt.TryGetValue(player, out long before) && _seenAt.TryUpdate(player, now, before))
        {
            return;
        }

        if (Volatile.Read(ref _players) < PlayersMax && _seenAt.TryAdd(player, now))
        {
            Interlocked.Increment(ref _players);
        }
    }

    /// <summary>Players now, and the most that were seen at once. Looked at about once a second, which is when the peak is noticed.</summary>
    public (int Now, int Peak) Read()
    {
        foreach ((int player, long seenAt) in _seenAt)
        {
            if (time.GetElapsedTime(seenAt) > lately && _seenAt.TryRemove(KeyValuePair.Create(player, seenAt)))
            {
                Interlocked.Decrement(ref _players);
            }
        }

        int now = Volatile.Read(ref _players);
        _peak = Math.Max(_peak, now);
        return (now, _peak);
    }
}
