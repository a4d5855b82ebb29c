using Rivet.Live.Core.Native;
using Xunit;

namespace Rivet.Live.Tests.Native;

public sealed class NativeThreadTests
{
    [Fact]
    public void Lower_Thread_IsOnlyThatThread()
    {
        string before = NiceOfMainThread();
        bool lowered = false;
        Thread thread = new(() => lowered = NativeThread.Lower(19));
        thread.Start();
        thread.Join();
        Assert.Equal(OperatingSystem.IsLinux(), lowered);
        Assert.Equal(before, NiceOfMainThread());
    }

    [Fact]
    public void Slice_LoweredThread_StaysLow()
    {
        bool sliced = false;
        string nice = "";
        Thread thread = new(() =>
        {
            NativeThread.Lower(7);
            sliced = NativeThread.Slice(TimeSpan.FromMilliseconds(0.3)) && NativeThread.Slice(TimeSpan.Zero);
            nice = NiceOf("thread-self");
        });
        thread.Start();
        thread.Join();
        Assert.Equal(OperatingSystem.IsLinux(), sliced);
        Assert.Equal("7", nice);
    }

    private static string NiceOfMainThread() => NiceOf("self");

    private static string NiceOf(string task)
    {
        string stat = File.ReadAllText($"/proc/{task}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16];
    }
}
