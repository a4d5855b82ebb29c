using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>Knows for how long transcoders have been in the call at hand: one that does not come back is stuck in native code.</summary>
internal sealed class CallClock(TimeProvider time)
{
    /// <summary>A picture takes milliseconds, an encoder that opens takes seconds, and what is flushed at the end takes a few.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(15);

    private readonly Lock _callsLock = new();
    private readonly Dictionary<ITranscoder, long> _calls = [];

    /// <summary>True where some call does not come back.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_callsLock)
            {
                return _calls.Values.Any(since => time.GetElapsedTime(since) > StuckAfter);
            }
        }
    }

    /// <summary>The same factory, with an eye on what its transcoders do.</summary>
    public ITranscoderFactory Watch(ITranscoderFactory factory) => new Factory(factory, this);

    private void Call(ITranscoder transcoder, Action call)
    {
        lock (_callsLock)
        {
            _calls[transcoder] = time.GetTimestamp();
        }

        try
        {
            call();
        }
        finally
        {
            lock (_callsLock)
            {
                _calls.Remove(transcoder);
            }
        }
    }

    private sealed class Factory(ITranscoderFactory factory, CallClock clock) : ITranscoderFactory
    {
        public string Name => factory.Name;

        public string Rendition => factory.Rendition;

        public ITranscoder? Build(TranscoderContext context) => factory.Build(context) is { } transcoder ? new Transcoder(transcoder, clock) : null;
    }

    private sealed class Transcoder(ITranscoder transcoder, CallClock clock) : ITranscoder
    {
        public Task? Pending => transcoder.Pending;

        public void Start(TrackDescription track) => clock.Call(this, () => transcoder.Start(track));

        public void Accept(Fragment fragment) => clock.Call(this, () => transcoder.Accept(fragment));

        public void Continue() => clock.Call(this, transcoder.Continue);

        public void Stop() => clock.Call(this, transcoder.Stop);

        public void Dispose() => clock.Call(this, transcoder.Dispose);
    }
}
