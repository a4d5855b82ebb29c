using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Publishers;

/// <summary>The README's table of encoders: each row is printed by the test that sends what the client sent, and has to stand there.</summary>
internal static class PublisherTable
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    /// <param name="name">Of the capture.</param>
    /// <param name="verdict">What came of it.</param>
    public static async Task<string> RequireAsync(string name, string verdict)
    {
        Client client = (await ReadAsync()).Single(listed => listed.Name == name);
        string row = $"| {client.Says} | `{client.Line}` | {verdict} |";
        Assert.True(Repository.Read("README.md").Contains(row, StringComparison.Ordinal), $"README.md does not have the row that this test found:\n{row}");
        return row;
    }

    private static async Task<Client[]> ReadAsync()
    {
        ToolRun list = await ToolRun.RequireAsync("node", Path.Combine(Repository.Root, "Rivet.Live.Tests", "Publishers", "list.mjs"));
        return JsonSerializer.Deserialize<Client[]>(list.Output, Names)!;
    }

    private sealed record Client(string Name, string Says, string Line);
}
