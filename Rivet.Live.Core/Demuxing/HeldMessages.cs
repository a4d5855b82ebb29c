using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>emsg boxes that wait for the fragment behind them: their times may count from its first picture (ISO/IEC 23009-1 §5.10.3.3.3).</summary>
internal sealed class HeldMessages(IngestLimits limits)
{
    private readonly List<Emsg> _messages = [];

    /// <summary>True for a box that is read, and not stepped over.</summary>
    public bool HasRoomFor(in BoxHeader emsg) => emsg.BoxBytes <= limits.MaxMessageBytes && _messages.Count < limits.MaxMessagesPerFragment;

    public void Add(Emsg message) => _messages.Add(message);

    public void Clear() => _messages.Clear();

    /// <summary>The fragment is there: tells all that waited for it.</summary>
    /// <param name="fragment">Of all tracks, at least one.</param>
    /// <param name="events">Where they are added.</param>
    public void Tell(List<PendingFragment> fragment, List<IngestEvent> events)
    {
        foreach (Emsg message in _messages)
        {
            if (StartOf(message, fragment.Select(static pending => pending.FirstShown).Min(), limits) is { } start)
            {
                events.Add(new IngestEvent.Message(message, start));
            }
        }

        _messages.Clear();
    }

    /// <summary>When a message happens; null for a time that no clock here can hold.</summary>
    /// <param name="message">What it says.</param>
    /// <param name="first">When the first picture of its segment is shown, or its sample.</param>
    /// <param name="limits">What clocks here can hold.</param>
    public static MediaTime? StartOf(Emsg message, MediaTime first, IngestLimits limits)
    {
        if (message.Timescale > limits.MaxTimescale || message.Time > (ulong)limits.MaxDecodeSeconds * message.Timescale)
        {
            return null;
        }

        MediaTime start = new((long)message.Time, (int)message.Timescale);
        return message.IsAbsolute ? start : start with { Ticks = start.Ticks + first.FloorTo(start.Timescale).Ticks };
    }
}
