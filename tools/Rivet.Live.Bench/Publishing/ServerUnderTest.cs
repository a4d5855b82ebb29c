using System.Diagnostics;

namespace Rivet.Live.Bench.Publishing;

/// <summary>Our server, or another program that says where it listens, as a process of its own. Disposing ends it.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private const string ReadyWord = " ready on ";

    private readonly Process _process;

    private ServerUnderTest(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>A ladder whose only rendition is above the source: nothing is decoded, source alone is served.</summary>
    public static Task<ServerUnderTest> StartOursAsync(params string[] options) => StartAsync(
        "dotnet",
        [
            FindServer(), "--urls", "http://127.0.0.1:0", "--Ladder:Renditions:0:Name=above", "--Ladder:Renditions:0:Height=4320",
            "--Ladder:Renditions:0:VideoBitrateBps=1000000", "--Logging:LogLevel:Default=Warning", .. options,
        ]);

    /// <summary>The default ladder.</summary>
    public static Task<ServerUnderTest> StartLadderAsync(params string[] options) => StartAsync(
        "dotnet", [FindServer(), "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", .. options]);

    /// <summary>A verb of this program in a process of its own.</summary>
    public static Task<ServerUnderTest> StartVerbAsync(params string[] arguments) => StartAsync(
        Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own program file."), arguments);

    /// <summary>What a service supervisor sends; waits for the end.</summary>
    public async Task TerminateAsync()
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<ServerUnderTest> StartAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        Process server = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string ready = await server.StandardOutput.ReadLineAsync() ?? "nothing";
        return ready.IndexOf(ReadyWord, StringComparison.Ordinal) is > 0 and var at
            ? new ServerUnderTest(server, new Uri(ready[(at + ReadyWord.Length)..]))
            : throw new InvalidOperationException($"{program} said '{ready}', expected '{ReadyWord.Trim()} URL'.");
    }

    /// <summary>The server's assembly.</summary>
    public static string FindServer()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string server = Path.Combine(folder.FullName, "Rivet.Live/bin/Release/net10.0/Rivet.Live.dll");
            if (File.Exists(server))
            {
                return server;
            }
        }

        throw new InvalidOperationException($"No Release build of Rivet.Live above {AppContext.BaseDirectory}: run 'dotnet build Rivet.Live -c Release', or tools/bench, which does.");
    }
}
