using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Isolation;

/// <summary>The child process: loads the codecs, says so, and runs the ladder that the server gives it.</summary>
/// <remarks>Frames come on standard input and go to where standard output was. When standard input ends, so does the process, whatever it is at.</remarks>
internal sealed class LadderChild : IDisposable
{
    /// <summary>The verb that starts the server's executable as a child.</summary>
    public const string Verb = "ladder-child";

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly PayloadPool _payloads = new();
    private readonly ServerPipe _server;
    private readonly ILoggerFactory _loggers;
    private ChildLadder? _ladder;
    private Task? _ending;

    private LadderChild(Stream output)
    {
        _server = new ServerPipe(output, EndNow);

        // The server's drains say the same when they end.
        _loggers = LoggerFactory.Create(logging => logging.AddFilter<ChildLog>(typeof(TranscodeRunner).FullName, LogLevel.Warning).AddProvider(new ChildLog(_server.Send)));
    }

    /// <summary>Runs until the ladder has ended, or the server.</summary>
    public static void Run()
    {
        NativeProcess.EndWithParent();
        NativeProcess.WidenPipes();
        Codecs.PrepareProcess();
        using Stream input = Console.OpenStandardInput();
        using LadderChild child = new(new FileStream(NativeProcess.TakeStandardOutput(), FileAccess.Write, bufferSize: 0));
        child.Serve(input);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _server.Dispose();
    }

    private void Serve(Stream input)
    {
        Codecs codecs = Codecs.Load(_loggers, _time);
        _server.Send(new ChildReady(ChildReady.CurrentVersion));
        FrameReader frames = new(input, _payloads);
        MessageReader messages = new();
        while (frames.Next() is { } frame)
        {
            using (frame)
            {
                Take(messages.Read(frame), codecs);
            }
        }

        if (_ladder is not null && _ending is not { IsCompletedSuccessfully: true })
        {
            // The server is gone: nobody wants what is not done.
            EndNow();
        }
    }

    private void Take(Message message, Codecs codecs)
    {
        switch (message)
        {
            case FirstMessage { Version: not ChildReady.CurrentVersion } other:
                throw new InvalidDataException($"Saw version {other.Version} of the server; expected {ChildReady.CurrentVersion}. Restart the server.");
            case TrialBegun begun when _ladder is null:
                _server.Send(new TrialEnded(WhyNot(begun, codecs)));
                break;
            case SearchBegun begun when _ladder is null:
                _server.Send(new SearchEnded(FindingsOrder.Of(new HardwareSearch(codecs, HardwareSearch.StartDeadline, begun.IsNvencDirect).Find())));
                break;
            case LadderBegun begun when _ladder is null:
                _ladder = new ChildLadder(begun.Order, codecs, _payloads, _server.Send, _time, _loggers);
                break;
            case SourceEnded when _ladder is not null:
                _ending ??= EndAsync(_ladder);
                break;
            default:
                (_ladder ?? throw new InvalidDataException($"Saw {message.GetType().Name} before a ladder.")).Take(message);
                break;
        }
    }

    private EncoderFault? WhyNot(TrialBegun begun, Codecs codecs)
    {
        IReadOnlyList<EncoderDevice> devices = DevicePool.DevicesOf(begun.Devices.PlanFor(codecs), codecs, _time);
        return new DeviceProbe(codecs).WhyNot(LeaseNeed.DeviceOf(devices, begun.Device));
    }

    private static async Task EndAsync(ChildLadder ladder)
    {
        await ladder.EndAsync();
        await ladder.DisposeAsync();
    }

    /// <summary>At once, without a word to native code that may hang.</summary>
    private static void EndNow()
    {
        using Process self = Process.GetCurrentProcess();
        self.Kill();
    }
}
