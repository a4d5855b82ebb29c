using System.Diagnostics;

namespace Rivet.Live.Bench.Measuring;

/// <summary>Another program, run to its end.</summary>
internal static class ToolProcess
{
    /// <summary>What it wrote to standard output and to standard error.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message carries its last lines.</exception>
    public static async Task<(string Output, string Errors)> RunAsync(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            string[] lines = (await errors).Split('\n');
            throw new InvalidOperationException(
                $"{program} ended with exit code {process.ExitCode}. Its last lines:\n{string.Join('\n', lines.TakeLast(12))}");
        }

        return (await output, await errors);
    }
}
