using System.Net.Sockets;
using System.Net;
using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hosting;

/// <summary>What a supervisor and a shell script see of the program: exit codes and its two output streams.</summary>
public sealed class ServerProcessTests
{
    [Fact]
    public async Task Validate_WithNothingWrong_SaysSoAndEndsWith0()
    {
        (int exitCode, IReadOnlyList<string> output, string errors) = await ServerProcess.RunAsync(["validate", "--Hls:PartSeconds=0.3"]);

        Assert.Equal(0, exitCode);
        Assert.Equal(["Configuration is valid."], output);
        Assert.Equal("", errors);
    }

    [Fact]
    public async Task Validate_WithMistakes_SaysEachOnALineAndInJsonAndEndsWith2()
    {
        (int exitCode, IReadOnlyList<string> output, string errors) =
            await ServerProcess.RunAsync(["validate", "--json", "--Hls:PartSeconds=x", "--Encoding:Codec=vp9", "stray"]);

        Assert.Equal(2, exitCode);
        Assert.Equal(3, errors.Split('\n').Length);
        using JsonDocument report = JsonDocument.Parse(string.Join('\n', output));
        Assert.False(report.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(3, report.RootElement.GetProperty("mistakes").GetArrayLength());
        Assert.Equal("Hls:PartSeconds", report.RootElement.GetProperty("mistakes").EnumerateArray().Select(static mistake => mistake.GetProperty("key").GetString()).Single(static key => key!.StartsWith("Hls", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_WithAnUnknownKey_EndsWith2AndNamesTheNearest()
    {
        (int exitCode, IReadOnlyList<string> output, string errors) = await ServerProcess.RunAsync(["--Ladder:Rendition=480p"]);

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("did you mean 'Ladder:Renditions'?", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAConfigFileThatIsNotThere_EndsWith2()
    {
        (int exitCode, _, string errors) = await ServerProcess.RunAsync(["--config", "/nowhere/rivet.json"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("--config: saw '/nowhere/rivet.json', which is not there", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAConfigFileThatIsNoJson_EndsWith2()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "Ingest:\n  IdleSeconds: 20\n");
            (int exitCode, _, string errors) = await ServerProcess.RunAsync(["validate", "--config", file]);

            Assert.Equal(2, exitCode);
            Assert.Contains($"--config: saw '{file}', which cannot be read", errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Environment_WithARendition_ReplacesTheList()
    {
        Dictionary<string, string> environment = new() { ["RIVET_Ladder__Renditions__0"] = "480p", ["RIVET_Encoding__Codec"] = "vp9" };
        (int exitCode, _, string errors) = await ServerProcess.RunAsync(["doctor"], environment);

        Assert.Equal(2, exitCode);
        Assert.Equal("Encoding:Codec: saw 'vp9'; allowed: one of h264, hevc, av1.", errors);

        environment.Remove("RIVET_Encoding__Codec");
        (_, IReadOnlyList<string> output, _) = await ServerProcess.RunAsync(["doctor"], environment);
        Assert.Single(output, line => line.StartsWith("rendition", StringComparison.Ordinal));
        Assert.Contains(output, static line => line.StartsWith("device 1 ", StringComparison.Ordinal) || line.StartsWith("gpu         no  none found: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_InJson_SaysWhatItFoundFactByFact()
    {
        (int exitCode, IReadOnlyList<string> output, _) = await ServerProcess.RunAsync(["doctor", "--json", "--Ladder:Renditions=240p"]);

        Assert.Equal(0, exitCode);
        using JsonDocument report = JsonDocument.Parse(string.Join('\n', output));
        Assert.True(report.RootElement.GetProperty("canRun").GetBoolean());
        JsonElement rendition = report.RootElement.GetProperty("facts").EnumerateArray().Single(static fact => fact.GetProperty("kind").GetString() == "rendition");
        Assert.Equal(("240p", true), (rendition.GetProperty("name").GetString(), rendition.GetProperty("works").GetBoolean()));
        Assert.Contains(report.RootElement.GetProperty("facts").EnumerateArray(), static fact => fact.GetProperty("kind").GetString() == "device 0");
    }

    [Fact]
    public async Task Run_WithAnOptionThatTheEncoderDoesNotHave_EndsWith2AndNamesIt()
    {
        (int exitCode, IReadOnlyList<string> output, string errors) = await ServerProcess.RunAsync(
            ["--urls", "http://127.0.0.1:0", "--Ladder:Renditions=480p", "--Encoding:Codec=hevc", "--Encoding:Options=libx265:no-such=1"]);

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("480p cannot be encoded here", errors, StringComparison.Ordinal);
        Assert.Contains("no-such=1", errors, StringComparison.Ordinal);
        Assert.Contains("Correct Encoding:Options for libx265", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UntilSigterm_SaysReadyOnceOnStandardOutputAndEndsWith0()
    {
        await using ServerProcess server = ServerProcess.Start(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information"]);
        Uri address = await server.WaitUntilReadyAsync();
        using HttpClient client = new() { BaseAddress = address };
        using HttpResponseMessage answer = await client.GetAsync("/");
        await server.SendTerminateAsync();

        Assert.NotEqual(0, address.Port);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.Single(server.Output);
        Assert.Contains("info: Microsoft.Hosting.Lifetime", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithDevTls_AnswersOverHttp2()
    {
        await using ServerProcess server = ServerProcess.Start(["--urls=https://127.0.0.1:0", "--dev-tls"]);
        Uri address = await server.WaitUntilReadyAsync();
        using HttpClientHandler anyCertificate = new()
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using HttpClient client = new(anyCertificate) { DefaultRequestVersion = HttpVersion.Version20 };
        using HttpResponseMessage answer = await client.GetAsync(address);

        Assert.Equal("https", address.Scheme);
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Run_OnAnAddressInUse_EndsWith1AndOneLine()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        (int exitCode, IReadOnlyList<string> output, string errors) = await ServerProcess.RunAsync(["--urls", $"http://127.0.0.1:{port}"]);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        string line = Assert.Single(errors.Split('\n'), line => line.Contains($"{port}", StringComparison.Ordinal));
        Assert.Equal(line, errors.Split('\n')[^1]);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Contains("--urls", line, StringComparison.Ordinal);
    }
}
