using System.Collections.Concurrent;
using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Isolation;

/// <summary>Has the machine's GPUs searched for in a child of their own: a driver that crashes meanwhile takes nothing else with it.</summary>
internal static class IsolatedSearch
{
    /// <summary>For a child that hangs as a whole: longer than all deadlines that drivers have in it.</summary>
    private static readonly TimeSpan Deadline = 6 * HardwareSearch.StartDeadline;

    /// <summary>As <see cref="HardwareSearch.Find"/>; nothing, and the reason, where the child does not come back.</summary>
    /// <param name="plan">How children are started.</param>
    /// <param name="isNvencDirect">See <see cref="HardwareSearch"/>.</param>
    /// <param name="codecs">Opens what was found.</param>
    /// <param name="loggers">Get the child's lines.</param>
    public static HardwareFindings Find(IsolationPlan plan, bool isNvencDirect, Codecs codecs, ILoggerFactory loggers)
    {
        try
        {
            // On this thread, which waits: the system ends a child with the thread that started it.
            using Child child = Child.Start(plan, new PayloadPool(), loggers);
            BlockingCollection<Message?> said = [];
            child.Adopt(said.Add);
            _ = child.Ended.ContinueWith(_ => said.Add(null), TaskScheduler.Default);
            child.Send(new SearchBegun(ChildReady.CurrentVersion, isNvencDirect));
            return said.TryTake(out Message? message, Deadline) switch
            {
                true when message is SearchEnded ended => ended.Findings.For(codecs),
                true => Nothing($"the child that searched for them is gone: {child.EndReason ?? $"it said {message?.GetType().Name ?? "nothing"}"}"),
                false => Nothing($"the search for them was not over within {Deadline.TotalSeconds} s"),
            };
        }
        catch (Win32Exception failed)
        {
            return Nothing($"{plan.FileName} cannot be started as a child: {failed.Message}");
        }
    }

    private static HardwareFindings Nothing(string trouble) => new([], trouble, trouble);
}
