using Rivet.Live.Core.Hls;

namespace Rivet.Live.Bench.Viewers;

/// <summary>A viewer that waits for every part of a playlist, and knows which of the publisher's fragments made it. Disposing ends it.</summary>
internal sealed class PartWatch : IAsyncDisposable
{
    private const int PartsPerSegment = 4;

    private readonly Lock _waitsLock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _name;
    private readonly Uri _playlist;
    private readonly Func<int, long> _sentAt;
    private readonly Task _watching;
    private List<double> _waits = [];

    /// <param name="name">For tables.</param>
    /// <param name="playlist">Of a publisher whose fragments are a part each, four of them a segment.</param>
    /// <param name="sentAt">When it had written a fragment, or should have; counted from 0.</param>
    public PartWatch(string name, Uri playlist, Func<int, long> sentAt)
    {
        (_name, _playlist, _sentAt) = (name, playlist, sentAt);
        _watching = WatchAsync();
    }

    /// <summary>Forgets what it measured.</summary>
    public void Begin() => Take();

    /// <summary>The waits since <see cref="Begin"/>, in milliseconds, the shortest first.</summary>
    public PartWaits End() => new(_name, [.. Take().Order()]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private List<double> Take()
    {
        lock (_waitsLock)
        {
            (List<double> taken, _waits) = (_waits, []);
            return taken;
        }
    }

    private async Task WatchAsync()
    {
        using HttpClient client = new();
        string query = "";
        try
        {
            while (true)
            {
                string text = await client.GetStringAsync(_playlist + query, _stop.Token);
                long at = TimeProvider.System.GetTimestamp();
                var place = PlaylistPlace.Read(text);
                query = place.NextQuery;

                // The part before the next one is the last that is there; fragment 0 is the broadcast's first part.
                int fragment = (int)((place.MediaSequence - HlsPlan.PaddingSegments) * PartsPerSegment) + place.Part - 1;
                lock (_waitsLock)
                {
                    _waits.Add(TimeProvider.System.GetElapsedTime(_sentAt(fragment), at).TotalMilliseconds);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // By design: see DisposeAsync.
        }
    }
}
