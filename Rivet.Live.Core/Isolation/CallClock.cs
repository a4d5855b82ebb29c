using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>Knows for how long transcoders have been in the call at hand: one that does not come back is stuck in native code.</summary>
/// <param name="callMax">See <see cref="LadderOrder.CallMax"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class CallClock(TimeSpan callMax, TimeProvider time)
{
    private readonly Lock _callsLock = new();
    private readonly Dictionary<Transcoder, long> _calls = [];

    /// <summary>The rendition of a call that does not come back; null where all do.</summary>
    public string? Stuck
    {
        get
        {
            lock (_callsLock)
            {
                return _calls.Where(call => time.GetElapsedTime(call.Value) > callMax).Select(static call => call.Key.Rendition).FirstOrDefault();
            }
        }
    }

    /// <summary>The same factory, with an eye on what its transcoders do.</summary>
    public ITranscoderFactory Watch(ITranscoderFactory factory) => new Factory(factory, this);

    private void Call(Transcoder transcoder, Action call)
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

        public ITranscoder? Build(TranscoderContext context) =>
            factory.Build(context) is { } transcoder ? new Transcoder(transcoder, factory.Rendition, clock) : null;
    }

    private sealed class Transcoder(ITranscoder transcoder, string rendition, CallClock clock) : ITranscoder
    {
        public string Rendition => rendition;

        public Task? Pending => transcoder.Pending;

        public void Start(TrackDescription track) => clock.Call(this, () => transcoder.Start(track));

        public void Accept(Fragment fragment) => clock.Call(this, () => transcoder.Accept(fragment));

        public void Continue() => clock.Call(this, transcoder.Continue);

        public void Stop() => clock.Call(this, transcoder.Stop);

        public void Dispose() => clock.Call(this, transcoder.Dispose);
    }
}
