using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>One broadcast's ladder in a child: the same drains and transcoders as in the server, over a registry with this broadcast alone.</summary>
/// <remarks>
/// <code>
/// SourceSent ──▶ registry: video ──▶ TranscodeRunner, LadderFactory ──▶ registry: 720p, 480p ──▶ RenditionSent
/// </code>
/// </remarks>
internal sealed class ChildLadder : IAsyncDisposable
{
    /// <summary>What a new child gets to begin with may be half a minute of media.</summary>
    private static readonly SubscriptionBound Bound = new(Seconds: 60, Fragments: 16384);

    private readonly LadderOrder _order;
    private readonly Action<Message> _send;
    private readonly FragmentBroadcasterRegistry _registry;
    private readonly BroadcastSession _session;
    private readonly ServerDecoders _decoders;
    private readonly ServerLender _lender;
    private readonly ServerLoads _loads;
    private readonly CallClock _calls;
    private readonly TranscodeRunner _runner;
    private readonly IDisposable _observation;
    private readonly ChildReports _reports;
    private FragmentBroadcaster? _source;

    public ChildLadder(LadderOrder order, Codecs codecs, PayloadPool payloads, Action<Message> send, TimeProvider time, ILoggerFactory loggers)
    {
        _order = order;
        _send = send;
        _registry = new FragmentBroadcasterRegistry(loggers.CreateLogger<FragmentBroadcasterRegistry>(), time);

        // The server's grid says where segments start, and parts are cut there: both are only followed, or not used at all.
        _session = new BroadcastSession(order.Broadcast, new SegmentGrid(1), PartTarget.Fixed(1), time.GetUtcNow());
        DevicePlan plan = order.Devices.PlanFor(codecs);
        IReadOnlyList<EncoderDevice> devices = DevicePool.DevicesOf(plan, codecs, time);
        _decoders = new ServerDecoders(send, time);
        DecoderDesk decoders = DevicePool.DecodersOf(plan, devices, codecs, time, loggers.CreateLogger<DecoderDesk>(), _decoders);
        _lender = new ServerLender(devices, plan.Policy, decoders, send, time);
        _loads = new ServerLoads(order.Shed, send);
        _calls = new CallClock(order.CallMax, time);
        LadderRules rules = new()
        {
            Renditions = order.Renditions,
            Limits = order.Limits,
            Fallback = order.Fallback,
            Resumes = order.Resumes,
            EndBroadcast = _ => send(new BroadcastLost()),
            ThumbnailMade = (_, jpeg) => send(new ThumbnailSent(jpeg)),
        };
        EncoderFactory encoders = new(_lender, payloads, order.Tuning, order.EncoderThreadsMax);
        _observation = _registry.Observe(Forward, static _ => { });
        _runner = new TranscodeRunner(
            _registry,
            [.. LadderFactory.ForLadder(rules, codecs, encoders, _loads, time, loggers).Select(_calls.Watch)],
            Codecs.PrepareThread,
            Bound,
            loggers);
        _reports = new ChildReports(_runner, _lender, _calls, send);
    }

    /// <summary>What the server says of devices and renditions, and its fragments.</summary>
    /// <exception cref="InvalidDataException">It is nothing that a child can be told.</exception>
    public void Take(Message message)
    {
        switch (message)
        {
            case SourceSent sent:
                _session.Grid.Follow(sent.Segments, sent.Absences);
                _source ??= _registry.GetOrCreate(
                    new TrackKey(_order.Broadcast, "video"), TrackKind.Video, _session, rendition: null, sent.Fragment.Track);
                _source.Publish(sent.Fragment);
                break;
            case LeaseAnswered answered:
                _lender.Answer(answered);
                break;
            case DecoderAnswered answered:
                _decoders.Answer(answered);
                break;
            case DevicesWanted wanted:
                _lender.Want(wanted);
                break;
            case RenditionShed shed:
                _loads.Shed(shed);
                break;
            case RenditionRestarted restarted:
                _loads.Restart(restarted.Rendition);
                break;
            default:
                throw new InvalidDataException($"Saw {message.GetType().Name}, which is not for a child that is at work.");
        }
    }

    /// <summary>Flushes everything, sends it, and says so.</summary>
    public async Task EndAsync()
    {
        if (_source is not null)
        {
            _registry.Remove(_source);
        }

        await _runner.WhenDrainedAsync(_session);
        _reports.Dispose();
        _send(new LadderEnded());
    }

    public async ValueTask DisposeAsync()
    {
        _reports.Dispose();
        await _runner.DisposeAsync();
        _observation.Dispose();
    }

    private void Forward(FragmentBroadcaster track)
    {
        if (track.Rendition is { } rendition)
        {
            track.Relay(fragment => _send(new RenditionSent(rendition, fragment)));
        }
    }
}
