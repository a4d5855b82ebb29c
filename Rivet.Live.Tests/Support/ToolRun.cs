using System.Diagnostics;
using Xunit;

namespace Rivet.Live.Tests.Support;

/// <summary>A command line tool that was run to its end.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">The bytes of its standard output.</param>
/// <param name="Errors">The text of its standard error.</param>
internal sealed record ToolRun(int ExitCode, byte[] Output, string Errors)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);

    public static async Task<ToolRun> RunAsync(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start.");
        process.StandardInput.Close();
        using CancellationTokenSource patience = new(Patience.Long);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            MemoryStream output = new();
            await process.StandardOutput.BaseStream.CopyToAsync(output, patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new ToolRun(process.ExitCode, output.ToArray(), await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Runs a tool that must end with 0.</summary>
    public static async Task<ToolRun> RequireAsync(string tool, params string[] arguments)
    {
        ToolRun run = await RunAsync(tool, arguments);
        Assert.True(run.ExitCode == 0, $"{tool} {string.Join(' ', arguments)} ended with {run.ExitCode}:\n{run.Errors}");
        return run;
    }
}
