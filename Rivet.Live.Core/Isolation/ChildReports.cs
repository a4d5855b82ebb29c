using Rivet.Live.Core.Drains;

namespace Rivet.Live.Core.Isolation;

/// <summary>Tells the server four times a second how the child is doing, on a thread of its own, also while a codec does not come back.</summary>
internal sealed class ChildReports : IDisposable
{
    /// <summary>How often the server hears of the child.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.25);

    private readonly TranscodeRunner _runner;
    private readonly ServerLender _lender;
    private readonly CallClock _calls;
    private readonly Action<Message> _send;
    private readonly ManualResetEventSlim _ending = new(initialState: false, spinCount: 0);
    private readonly Thread _thread;
    private readonly Dictionary<DrainKey, Reported> _reported = [];

    public ChildReports(TranscodeRunner runner, ServerLender lender, CallClock calls, Action<Message> send)
    {
        _runner = runner;
        _lender = lender;
        _calls = calls;
        _send = send;
        _thread = new Thread(Run) { IsBackground = true, Name = "reports" };
        _thread.Start();
    }

    /// <summary>Reports a last time.</summary>
    public void Dispose()
    {
        if (!_ending.IsSet)
        {
            _ending.Set();
            _thread.Join();
        }
    }

    private void Run()
    {
        bool isOver;
        do
        {
            isOver = _ending.Wait(Interval);
            foreach (Drain drain in _runner.Drains)
            {
                Report(drain);
            }

            _lender.ReportWork();
            _send(_calls.Stuck is { } rendition ? new CallStuck(rendition) : new ChildAlive());
        }
        while (!isOver);
    }

    private void Report(Drain drain)
    {
        Reported last = _reported.TryGetValue(drain.Key, out Reported? before) ? before : _reported[drain.Key] = new Reported();
        RenditionProgress progress = drain.Progress;
        RenditionCounters counters = progress.Counters;
        RenditionReport report = new(progress.State, progress.IsShed, progress.Encoder, progress.Device, progress.QueuedChunks)
        {
            Counted = counters - last.Counters,
            EncodeMilliseconds = progress.EncodeMilliseconds.ReadNew(ref last.Encoded),
        };
        last.Counters = counters;
        _send(new RenditionReported(drain.Key.Rendition, report));
        foreach (DrainPhase phase in Enum.GetValues<DrainPhase>())
        {
            for (long panics = drain.PanicsIn(phase); last.Panics[(int)phase] < panics; last.Panics[(int)phase]++)
            {
                _send(new PanicCaught(drain.Key.Rendition, phase));
            }
        }
    }

    private sealed class Reported
    {
        public RenditionCounters Counters;
        public long Encoded;
        public readonly long[] Panics = new long[Enum.GetValues<DrainPhase>().Length];
    }
}
