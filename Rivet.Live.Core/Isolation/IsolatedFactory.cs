using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;

namespace Rivet.Live.Core.Isolation;

/// <summary>Makes the transcoders of a ladder that runs in a child: one factory per rendition, sharing one child per broadcast.</summary>
internal sealed class IsolatedFactory : ITranscoderFactory
{
    private readonly Rendition _rendition;
    private readonly LadderRules _rules;
    private readonly IsolatedLadders _ladders;

    private IsolatedFactory(Rendition rendition, LadderRules rules, IsolatedLadders ladders)
    {
        _rendition = rendition;
        _rules = rules;
        _ladders = ladders;
    }

    public string Name => LadderFactory.TranscoderName;

    public string Rendition => _rendition.Name;

    /// <summary>One factory per rendition of the ladder.</summary>
    public static IReadOnlyList<ITranscoderFactory> ForLadder(IsolatedLadders ladders) => ForLadder(ladders, ladders.Rules);

    /// <summary>One factory per rendition of a ladder with rules of its own.</summary>
    public static IReadOnlyList<ITranscoderFactory> ForLadder(IsolatedLadders ladders, LadderRules rules) =>
        [.. rules.Renditions.Select(rendition => new IsolatedFactory(rendition, rules, ladders))];

    public ITranscoder? Build(TranscoderContext context) => LadderFactory.Suits(_rendition, context) ? _ladders.Build(_rendition, _rules, context) : null;
}

/// <summary>The ladders of all broadcasts, each in a child of its own.</summary>
/// <param name="rules">What they are told to do, unless it is something else.</param>
/// <param name="tuning">How well they encode.</param>
/// <param name="encoderThreadsMax">Threads that one encoder may have at most.</param>
/// <param name="plan">The machine's devices, as the pool was opened with.</param>
/// <param name="devices">Lends encoders to all children.</param>
/// <param name="loads">Says which renditions give way.</param>
/// <param name="launcher">Starts children.</param>
/// <param name="time">The machine's clock: children share it.</param>
/// <param name="loggers">Where ladders report.</param>
internal sealed class IsolatedLadders(
    LadderRules rules,
    EncoderTuning tuning,
    int encoderThreadsMax,
    DevicePlan plan,
    DevicePool devices,
    IRenditionLoads loads,
    ChildLauncher launcher,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ConcurrentDictionary<FragmentBroadcaster, IsolatedLadder> _open = [];
    private readonly ILogger _logger = loggers.CreateLogger<IsolatedLadder>();

    public LadderRules Rules => rules;

    public DevicePool Devices => devices;

    public ChildLauncher Launcher => launcher;

    /// <summary>A broadcast's ladder; null where it has none, or none any more.</summary>
    public IsolatedLadder? Find(BroadcastSession session) => _open.FirstOrDefault(open => open.Key.Session == session).Value;

    public IsolatedTranscoder Build(Rendition rendition, LadderRules rules, TranscoderContext context)
    {
        context.Progress.ConfiguredBitrateBps = rendition.VideoBitrateBps;
        IsolatedLadder ladder = _open.GetOrAdd(context.Source, source => new IsolatedLadder(this, rules, source, () => _open.TryRemove(source, out _), time, _logger));
        return new IsolatedTranscoder(ladder, ladder.Join(new IsolatedRendition(rendition, context, loads)));
    }

    /// <summary>What a child is told to begin with.</summary>
    public LadderOrder OrderFor(BroadcastSession session, LadderRules rules) => new()
    {
        Broadcast = session.Broadcast,
        Renditions = rules.Renditions,
        Limits = rules.Limits,
        Fallback = rules.Fallback,
        Tuning = tuning,
        EncoderThreadsMax = encoderThreadsMax,
        CallMax = launcher.Plan.CallMax,
        Devices = DeviceOrder.Of(plan),
        Resumes = new Dictionary<string, RenditionResume>(),
        Shed = [],
    };
}
