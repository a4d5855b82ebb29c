namespace Rivet.Live.Core.Stats;

/// <summary>What happened lately: the newest events of each broadcast, and those of the server itself. Bounded.</summary>
internal sealed class Timeline(TimeProvider time)
{
    /// <summary>Events kept of each broadcast, and of the server.</summary>
    public const int EventsMax = 50;

    /// <summary>The same again within this time is one event with a count.</summary>
    private static readonly TimeSpan RepeatsWithin = TimeSpan.FromSeconds(10);

    private readonly Lock _eventsLock = new();
    private readonly Dictionary<string, List<TimelineEvent>> _events = [];
    private readonly List<TimelineEvent> _ofServer = [];

    /// <summary>Adds an event of the server: devices, shutdown, what operators did.</summary>
    public void Add(string kind, string severity, string text, string? device = null, string? broadcast = null)
    {
        lock (_eventsLock)
        {
            Add(_ofServer, new TimelineEvent(time.GetUtcNow(), kind, severity, text) { Device = device, Broadcast = broadcast });
        }
    }

    /// <summary>Adds an event of a broadcast.</summary>
    /// <param name="session">The broadcast's session.</param>
    /// <param name="kind">A stable kebab-case word.</param>
    /// <param name="severity"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
    /// <param name="text">What happened, for people.</param>
    /// <param name="rendition">Which rendition; null where it is all of them.</param>
    /// <param name="device">Which device; null where none is meant.</param>
    public void AddOf(string session, string kind, string severity, string text, string? rendition = null, string? device = null)
    {
        lock (_eventsLock)
        {
            if (!_events.TryGetValue(session, out List<TimelineEvent>? events))
            {
                _events[session] = events = [];
            }

            Add(events, new TimelineEvent(time.GetUtcNow(), kind, severity, text) { Rendition = rendition, Device = device });
        }
    }

    /// <summary>A broadcast's events, the oldest first.</summary>
    public IReadOnlyList<TimelineEvent> Of(string session)
    {
        lock (_eventsLock)
        {
            return _events.TryGetValue(session, out List<TimelineEvent>? events) ? [.. events] : [];
        }
    }

    /// <summary>The server's events, the oldest first.</summary>
    public IReadOnlyList<TimelineEvent> OfServer()
    {
        lock (_eventsLock)
        {
            return [.. _ofServer];
        }
    }

    /// <summary>Lets go of the events of all other sessions.</summary>
    public void KeepOnly(IEnumerable<string> sessions)
    {
        HashSet<string> kept = [.. sessions];
        lock (_eventsLock)
        {
            foreach (string session in _events.Keys.Where(session => !kept.Contains(session)).ToArray())
            {
                _events.Remove(session);
            }
        }
    }

    private static void Add(List<TimelineEvent> events, TimelineEvent happened)
    {
        int before = events.FindLastIndex(other => other.Kind == happened.Kind && other.Rendition == happened.Rendition && other.Broadcast == happened.Broadcast);
        if (before >= 0 && happened.At - events[before].At < RepeatsWithin && (happened.Rendition is not null || events[before].Text == happened.Text))
        {
            happened = happened with { Count = events[before].Count + 1 };
            events.RemoveAt(before);
        }
        else if (events.Count == EventsMax)
        {
            events.RemoveAt(0);
        }

        events.Add(happened);
    }
}
