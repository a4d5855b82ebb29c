using System.Globalization;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>
/// Turns a broadcast's emsg boxes into date ranges: ad breaks of SCTE 35 as RFC 8216bis 4.4.5.1.1 wants them, everything else with its scheme as the
/// class. The same message that comes again, in the next segment or from a redundant publisher, is one. Used under the point's timeline lock.
/// </summary>
internal sealed class TimedMessages(BroadcastSession session)
{
    /// <summary>Splice information in its binary form. ANSI/SCTE 214-3 §5.</summary>
    public const string SpliceScheme = "urn:scte:scte35:2013:bin";

    /// <summary>Messages that are known again: as many as there may be date ranges.</summary>
    private const int KnownMax = DateRanges.Max;

    /// <summary>The same message of another segment may be rounded otherwise; an encoder that begins anew may number anew.</summary>
    private static readonly TimeSpan SameWithin = TimeSpan.FromSeconds(1);

    private readonly Queue<(Emsg Message, DateTimeOffset Start)> _known = new();
    private readonly Dictionary<string, DateRange> _breaks = [];
    private (string Key, DateTimeOffset At)? _ended;
    private int _number;
    private long _refused;

    /// <summary>Messages there was no room for.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <param name="message">What came.</param>
    /// <param name="start">When it happens, on the broadcast's timeline.</param>
    public void Take(Emsg message, MediaTime start)
    {
        if (session.WallClockOf(start) is not { } at || IsKnown(message, at))
        {
            return;
        }

        if (message.Scheme != SpliceScheme)
        {
            Put(new DateRange { Id = NextId("event"), Class = message.Scheme.Length > 0 ? Quotable(message.Scheme) : null, Start = at, DurationSeconds = DurationOf(message), Attributes = AttributesOf(message) });
            return;
        }

        _ = SpliceSection.TryRead(message.Message, out IReadOnlyList<Splice> splices);
        if (splices.Count == 0)
        {
            Put(Command(at, message));
        }

        foreach (Splice splice in splices)
        {
            Take(splice, message, at);
        }
    }

    private void Take(Splice splice, Emsg message, DateTimeOffset at)
    {
        _breaks.Remove(splice.Key, out DateRange? open);
        switch (splice.Kind)
        {
            case SpliceKind.Cancelled:
                if (open is not null)
                {
                    session.DateRanges.Remove(open.Id);
                }

                break;
            case SpliceKind.Out when open is not null && (open.Start - at).Duration() < SameWithin:
                // Said again, in other words: what stands in playlists may not change.
                _breaks.Add(splice.Key, open);
                break;
            case SpliceKind.Out:
                Begin(splice, message, at);
                break;
            case SpliceKind.In when _ended is var (key, end) && key == splice.Key && (end - at).Duration() < SameWithin:
                break;
            case SpliceKind.In when open is not null && at >= open.Start:
                _ended = (splice.Key, at);
                Put(open with
                {
                    DurationSeconds = (at - open.Start).TotalSeconds,
                    IsOpen = false,
                    Attributes = [.. open.Attributes, ("SCTE35-IN", Hex(message.Message))],
                });
                break;
            default:
                // Its break began before the broadcast did: SCTE35-IN would need a duration that nobody knows.
                Put(Command(at, message));
                break;
        }
    }

    private void Begin(Splice splice, Emsg message, DateTimeOffset at)
    {
        DateRange begun = new()
        {
            Id = NextId(splice.Key),
            Start = at,
            PlannedSeconds = splice.PlannedSeconds ?? DurationOf(message),
            IsOpen = true,
            Attributes = [("SCTE35-OUT", Hex(message.Message))],
        };
        if (Put(begun))
        {
            foreach ((string key, DateRange _) in _breaks.OrderBy(static entry => entry.Value.Start).Take(Math.Max(0, _breaks.Count + 1 - DateRanges.Max)))
            {
                _breaks.Remove(key);
            }

            _breaks.Add(splice.Key, begun);
        }
    }

    private DateRange Command(DateTimeOffset at, Emsg message) =>
        new() { Id = NextId("splice"), Start = at, DurationSeconds = DurationOf(message), Attributes = [("SCTE35-CMD", Hex(message.Message))] };

    private bool Put(DateRange range)
    {
        bool hasRoom = session.DateRanges.TryPut(range);
        Interlocked.Add(ref _refused, hasRoom ? 0 : 1);
        return hasRoom;
    }

    private bool IsKnown(Emsg message, DateTimeOffset at)
    {
        if (_known.Any(known => (known.Start - at).Duration() < SameWithin
            && (known.Message.Scheme, known.Message.Value, known.Message.Id) == (message.Scheme, message.Value, message.Id)
            && known.Message.Message.AsSpan().SequenceEqual(message.Message)))
        {
            return true;
        }

        _known.Enqueue((message, at));
        if (_known.Count > KnownMax)
        {
            _known.Dequeue();
        }

        return false;
    }

    private string NextId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{++_number}");

    private static double? DurationOf(Emsg message) =>
        message.Duration is 0 or Emsg.UnknownDuration ? null : (double)message.Duration / message.Timescale;

    private static List<(string Name, string Value)> AttributesOf(Emsg message)
    {
        List<(string, string)> attributes = [("X-EMSG-ID", $"\"{message.Id.ToString(CultureInfo.InvariantCulture)}\"")];
        if (message.Value.Length > 0)
        {
            attributes.Add(("X-EMSG-VALUE", $"\"{Quotable(message.Value)}\""));
        }

        if (message.Message.Length > 0)
        {
            attributes.Add(("X-EMSG-DATA", Hex(message.Message)));
        }

        return attributes;
    }

    private static string Hex(byte[] bytes) => $"0x{Convert.ToHexString(bytes)}";

    /// <summary>What may stand between quotes in a playlist: no line ends and no quotes (RFC 8216bis 4.2).</summary>
    private static string Quotable(string text) => string.Concat(text.Select(static letter => char.IsControl(letter) || letter == '"' ? '_' : letter));
}
