using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Support;

/// <summary>One ffmpeg that publishes. Disposing kills it, and nothing else.</summary>
internal sealed class FfmpegPublisher : IAsyncDisposable
{
    /// <summary>Short fragments beside those at keyframes: what a publisher that cares for latency sends.</summary>
    public const string ShortFragments = "-movflags +frag_keyframe+empty_moov+default_base_moof -frag_duration 200000 -f mp4";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Task _feeding;
    private readonly ITestOutputHelper? _output;

    private FfmpegPublisher(ProcessStartInfo start, Func<Stream, Task>? feed, ITestOutputHelper? output)
    {
        _output = output;
        _process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _errors.Enqueue(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        _feeding = FeedAsync(feed);
    }

    /// <summary>What ffmpeg printed, warnings and worse.</summary>
    public string Errors => string.Join('\n', _errors);

    public bool HasExited => _process.HasExited;

    /// <param name="arguments">The command line, split at spaces; a no-break space stands for one inside an argument.</param>
    /// <param name="output">Where its messages go at the end.</param>
    /// <param name="feed">Writes ffmpeg's standard input, which is closed when it returns.</param>
    public static FfmpegPublisher Start(string arguments, ITestOutputHelper? output, Func<Stream, Task>? feed = null)
    {
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new FfmpegPublisher(
            new ProcessStartInfo("ffmpeg", ["-hide_banner", "-nostats", "-loglevel", "warning", "-y", .. words.Select(static word => word.Replace((char)0xa0, (char)0x20))])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            },
            feed,
            output);
    }

    /// <summary>The arguments of a moving test picture and a tone in real time, encoded with little work.</summary>
    public static string Programme(string size, string rate, double seconds, int gop, string video = "") => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"""
        -re -f lavfi -i testsrc2=size={size}:rate={rate} -re -f lavfi -i sine=frequency=440:sample_rate=48000 -t {seconds}
        -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g {gop} -keyint_min {gop} -sc_threshold 0 -threads 1 {video}
        -c:a aac -b:a 64k -ac 2
        """).Replace('\n', ' ');

    /// <summary>SIGKILL: no trailer, no goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP, and SIGCONT after a while: nothing is sent meanwhile, and the connection stays.</summary>
    public async Task StandStillAsync(TimeSpan duration)
    {
        string id = _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await ToolRun.RequireAsync("/bin/sh", "-c", $"kill -STOP {id}");
        await Task.Delay(duration);
        await ToolRun.RequireAsync("/bin/sh", "-c", $"kill -CONT {id}");
    }

    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource patience = new(Patience.Long);
        await _process.WaitForExitAsync(patience.Token);
        await _feeding;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _feeding;
        _output?.WriteLine($"ffmpeg ended with {_process.ExitCode}: {Errors}");
        _process.Dispose();
    }

    private async Task FeedAsync(Func<Stream, Task>? feed)
    {
        Stream input = _process.StandardInput.BaseStream;
        try
        {
            if (feed is not null)
            {
                await feed(input);
            }

            input.Close();
        }
        catch (IOException)
        {
            // By design: an ffmpeg that ended early reads no more; its exit code says so.
        }
    }
}
