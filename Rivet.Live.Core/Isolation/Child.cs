using System.Diagnostics;
using System.IO.Pipes;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Isolation;

/// <summary>A child process as the server holds it: what it says is read on a thread of its own; what it is told is sent by whoever tells it, see <see cref="Outbox"/>.</summary>
internal sealed partial class Child : IDisposable
{
    /// <summary>128 and SIGKILL's number.</summary>
    private const int ExitCodeOfKilled = 137;

    private readonly Process _process;
    private readonly Outbox _outbox;
    private readonly PayloadPool _payloads;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Adopter? _adopter;
    private string? _killedBecause;
    private volatile bool _isClosed;

    private Child(Process process, PayloadPool payloads, ILoggerFactory loggers)
    {
        _process = process;
        _payloads = payloads;
        _loggers = loggers;
        _logger = loggers.CreateLogger<Child>();
        ProcessId = process.Id;
        _outbox = new Outbox(new WritingEnd((PipeStream)process.StandardInput.BaseStream), $"to child {ProcessId}", () => Kill("it takes nothing any more"));
    }

    public int ProcessId { get; }

    /// <summary>Completes when it has loaded its codecs; fails where it does not.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the process is gone and all that it said was taken.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why it ended; null where it was closed and ended well.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Resident memory in bytes; 0 once it is gone.</summary>
    public long ResidentBytes
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>Starts a child. The system kills it when the calling thread ends.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system does not start it.</exception>
    public static Child Start(IsolationPlan plan, PayloadPool payloads, ILoggerFactory loggers)
    {
        ProcessStartInfo start = new(plan.FileName, [.. plan.Arguments, LadderChild.Verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A small process that codecs make busy: no thread of its own for collecting garbage, and no sockets that stay behind when it is killed.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        Child child = new(Process.Start(start)!, payloads, loggers);
        child.Listen();
        return child;
    }

    /// <summary>From now on everything it says goes there, on its reading thread.</summary>
    /// <param name="take">Takes it.</param>
    /// <param name="broadcast">Whose ladder it runs; null where it is none.</param>
    public void Adopt(Action<Message> take, BroadcastId? broadcast = null) => Volatile.Write(ref _adopter, new Adopter(take, broadcast));

    /// <inheritdoc cref="Outbox.TrySend"/>
    public void Send(Message message)
    {
        if (!_outbox.TrySend(message) && !_isClosed)
        {
            Kill("it is far behind in taking what it is told");
        }
    }

    /// <summary>It has done what it was there for, and ends by itself.</summary>
    public void Close()
    {
        _isClosed = true;
        _outbox.Dispose();
    }

    /// <summary>Ends it at once. The first reason is told.</summary>
    public void Kill(string because)
    {
        Interlocked.CompareExchange(ref _killedBecause, because, null);
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // By design: it has ended by itself meanwhile.
        }
    }

    /// <summary>Ends it; completes <see cref="Ended"/> when it is gone.</summary>
    public void Dispose()
    {
        _isClosed = true;
        Kill("it is not needed any more");
    }

    private void Listen()
    {
        _process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data))
            {
                LogPrinted(_logger, ProcessId, line.Data);
            }
        };
        _process.BeginErrorReadLine();
        new Thread(Read) { IsBackground = true, Name = $"from child {ProcessId}" }.Start();
    }

    private void Read()
    {
        try
        {
            FrameReader frames = new(_process.StandardOutput.BaseStream, _payloads);
            MessageReader messages = new();
            while (frames.Next() is { } frame)
            {
                using (frame)
                {
                    Take(messages.Read(frame));
                }
            }
        }
        catch (Exception exception)
        {
            // By design: whatever a child says, and whatever comes of it, costs that child and not the server. The reason is told.
            Kill($"what it said could not be taken: {exception}");
        }

        _process.WaitForExit();
        EndReason = ReasonOf(_process.ExitCode);
        _outbox.Dispose();
        _process.Dispose();
        _ready.TrySetException(new ChildLostException($"Child {ProcessId} ended before it was ready: {EndReason}."));
        _ = _ready.Task.Exception;
        _ended.SetResult();
    }

    private void Take(Message message)
    {
        switch (message)
        {
            case ChildReady { Version: ChildReady.CurrentVersion }:
                _ready.TrySetResult();
                break;
            case ChildReady other:
                throw new InvalidDataException($"Saw version {other.Version}; expected {ChildReady.CurrentVersion}. Restart the server.");
            case LineLogged line:
                using (Volatile.Read(ref _adopter)?.Broadcast is { } broadcast ? _logger.BeginMedia(broadcast, line.Rendition) : null)
                {
                    _loggers.CreateLogger(line.Category).Log(line.Level, new EventId(line.EventId), line.Text, exception: null, Labelled);
                }

                break;
            default:
                (Volatile.Read(ref _adopter) ?? throw new InvalidDataException($"Saw {message.GetType().Name} of a child without a ladder.")).Take(message);
                break;
        }
    }

    /// <summary>Why it was killed, unless it had ended by itself before that.</summary>
    private string? ReasonOf(int exitCode) => (exitCode, _killedBecause) switch
    {
        (ExitCodeOfKilled, { } because) => because,
        (0, _) when _isClosed => null,
        _ => $"it ended with exit code {exitCode}",
    };

    /// <param name="Take">Takes what the child says.</param>
    /// <param name="Broadcast">Whose ladder it runs; null where it is none.</param>
    private sealed record Adopter(Action<Message> Take, BroadcastId? Broadcast);

    private string Labelled(string text, Exception? exception) => $"[{ProcessId}] {text}";

    [LoggerMessage(5101, LogLevel.Warning, "[{Child}] {Line}")]
    private static partial void LogPrinted(ILogger logger, int child, string line);
}
