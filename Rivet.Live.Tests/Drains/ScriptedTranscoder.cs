using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Tests.Drains;

/// <summary>A transcoder that notes its calls and throws where it is told to.</summary>
internal sealed class ScriptedTranscoder(Func<string, bool>? throws = null) : ITranscoder
{
    /// <summary><c>start</c>, <c>fragment 0</c>, <c>fragment 1</c> …, <c>stop</c>, <c>dispose</c>, in the order in which they came.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The init that each fragment came with, the start's first.</summary>
    public List<TrackDescription> Tracks { get; } = [];

    /// <summary>The threads that called.</summary>
    public HashSet<int> Threads { get; } = [];

    /// <summary>What it says it waits for; a test sets it.</summary>
    public Task? Pending { get; set; }

    public void Start(TrackDescription track)
    {
        Tracks.Add(track);
        Note("start");
    }

    public void Accept(Fragment fragment)
    {
        Tracks.Add(fragment.Track);
        Note($"fragment {fragment.Sequence}");
    }

    public void Continue()
    {
        Pending = null;
        Note("continue");
    }

    public void Stop() => Note("stop");

    public void Dispose() => Note("dispose");

    private void Note(string call)
    {
        Calls.Add(call);
        Threads.Add(Environment.CurrentManagedThreadId);
        if (throws?.Invoke(call) == true)
        {
            throw new InvalidOperationException($"told to throw at {call}");
        }
    }
}
