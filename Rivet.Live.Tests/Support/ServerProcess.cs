using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Rivet.Live.Tests.Support;

/// <summary>The built server as its own process, the way an operator meets it. Disposing ends it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Only reached when something is broken; a busy machine stays far below it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private readonly ConcurrentQueue<string> _output = new();

    private readonly ConcurrentQueue<string> _errors = new();

    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public IReadOnlyList<string> Output => [.. _output];

    public string Errors => string.Join('\n', _errors);

    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables beside those of the test.</param>
    /// <param name="before">What a shell does first, to limit it; null starts it without a shell.</param>
    public static ServerProcess Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? before = null)
    {
        string[] shell = before is null ? [] : ["/bin/sh", "-c", $"{before}; exec \"$@\"", "sh"];
        string[] command = [.. shell, "dotnet", Repository.ServerAssembly, .. arguments];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (KeyValuePair<string, string> variable in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable.Key] = variable.Value;
        }

        ServerProcess server = new(new Process { StartInfo = start });
        server.Listen();
        return server;
    }

    /// <summary>Runs to the end and returns the exit code.</summary>
    public static async Task<(int ExitCode, IReadOnlyList<string> Output, string Errors)> RunAsync(
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using ServerProcess server = Start(arguments, environment);
        int exitCode = await server.WaitForExitAsync();
        return (exitCode, server.Output, server.Errors);
    }

    /// <summary>The address in the ready line.</summary>
    public async Task<Uri> WaitUntilReadyAsync()
    {
        const string prefix = "Rivet.Live ready on ";
        string line = await _firstLine.Task.WaitAsync(Patience);
        Assert.StartsWith(prefix, line, StringComparison.Ordinal);
        return new Uri(line[prefix.Length..].Split(' ')[0]);
    }

    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>What a service supervisor sends to stop a program.</summary>
    public async Task SendTerminateAsync()
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _output.Enqueue(line.Data);
                _firstLine.TrySetResult(line.Data);
            }
            else
            {
                _firstLine.TrySetException(new InvalidOperationException($"The server ended before it was ready. It said:\n{Errors}"));
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _errors.Enqueue(line.Data);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }
}
