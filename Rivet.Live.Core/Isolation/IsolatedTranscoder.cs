using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>A rendition's place in its drain: what its transcoder throws in the broadcast's child is thrown here.</summary>
internal sealed class IsolatedTranscoder(IsolatedLadder ladder, IsolatedRendition rendition) : ITranscoder
{
    private bool _isEnding;

    public Task? Pending => (_isEnding && ladder.Flushed.IsCompleted, rendition.Changed) switch
    {
        (true, { IsCompleted: false }) => null,
        (false, { } changed) when _isEnding => Task.WhenAny(changed, ladder.Flushed),
        (_, { } changed) => changed,
    };

    public void Start(TrackDescription track)
    {
        // The child starts its own.
    }

    public void Accept(Fragment fragment)
    {
        // The ladder has heard of it when it was published.
    }

    public void Continue()
    {
        if (rendition.TryTakePanic() is { } phase)
        {
            throw new ChildPanicException($"The child's transcoder of {rendition.Name} threw in {phase}; the line above says what.");
        }
    }

    public void Stop()
    {
        _isEnding = true;
        ladder.Complete();
    }

    public void Dispose()
    {
        rendition.Dispose();
        ladder.Leave();
    }
}
