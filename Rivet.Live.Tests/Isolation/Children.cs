using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Tests.Ladder;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Isolation;

/// <summary>Real child processes for ladders of tests.</summary>
public sealed class Children : IAsyncLifetime
{
    private readonly ConcurrentBag<ChildLauncher> _launchers = [];
    private readonly Lazy<ChildLauncher> _usual;

    public Children() => _usual = new(() => Launcher(Plan));

    /// <summary>The server's program, with all the memory that it wants.</summary>
    internal static IsolationPlan Plan { get; } = new("dotnet", [Repository.ServerAssembly], BytesMax: 4L << 30);

    /// <summary>A broadcast whose ladder runs in a child.</summary>
    /// <param name="ladders">The ladder, to look at its child.</param>
    /// <param name="renditions">The ladder's.</param>
    /// <param name="devices">Who encodes; the CPU by default.</param>
    /// <param name="devicePlan">As the devices were opened with.</param>
    /// <param name="plan">How children are started; by default one is shared by all tests.</param>
    /// <param name="name">The broadcast's.</param>
    /// <param name="fallback">What follows where none of the devices encodes any more.</param>
    /// <param name="log">Gets the ladder's lines.</param>
    internal LadderSource Source(
        out Func<IsolationReport> ladders, IReadOnlyList<Rendition> renditions, DevicePool? devices = null, DevicePlan? devicePlan = null,
        IsolationPlan? plan = null, string name = "live/demo", EncoderFallback fallback = EncoderFallback.Software, LogLines? log = null)
    {
        IsolatedLadders? isolated = null;
        LadderSource source = new(renditions, devices: devices, name: name, fallback: fallback, factories: (source, rules, loads) =>
        {
            isolated = new IsolatedLadders(
                rules, LadderSource.Tuning, encoderThreadsMax: 1, devicePlan ?? new DevicePlan(), source.Devices, loads,
                plan is null ? _usual.Value : Launcher(plan), TimeProvider.System, log is null ? NullLoggerFactory.Instance : LoggerFactory.Create(logging => logging.AddProvider(log)));
            return IsolatedFactory.ForLadder(isolated);
        });
        ladders = () => isolated!.Find(source.Session)?.Report ?? new IsolationReport(ProcessId: null, Restarts: 0, ResidentBytes: null);
        return source;
    }

    /// <summary>Sends a signal, as <c>kill</c> names it. One SEGV from outside only takes a handler of the runtime away, where one of its own code comes again and again.</summary>
    internal static async Task SignalAsync(int process, string signal)
    {
        string command = $"kill -{signal} {process}";
        using Process kill = Process.Start("/bin/sh", ["-c", signal == "SEGV" ? $"while {command} 2>/dev/null; do sleep 0.02; done" : command]);
        await kill.WaitForExitAsync();
    }

    /// <summary>False where there is no such process; one that ended and was not asked for its exit code is none.</summary>
    internal static bool IsAlive(int process)
    {
        try
        {
            string state = File.ReadAllText($"/proc/{process}/stat");
            return state[state.LastIndexOf(')')..].Split(' ')[1] != "Z";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (ChildLauncher launcher in _launchers)
        {
            await launcher.DisposeAsync();
        }
    }

    private ChildLauncher Launcher(IsolationPlan plan)
    {
        ChildLauncher launcher = new(plan, new PayloadPool(), NullLoggerFactory.Instance);
        _launchers.Add(launcher);
        return launcher;
    }
}
