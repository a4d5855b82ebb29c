using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Stats;
using Rivet.Live.Endpoints;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>What Prometheus gets, and that what is written about it is so.</summary>
public sealed partial class MetricsTests : IDisposable
{
    private static readonly BroadcastStats Demo = KnownStats.All.Broadcasts[0];

    /// <summary>A snapshot in which every metric has a value.</summary>
    private static readonly LiveStats Everything = KnownStats.All with
    {
        Broadcasts = [Demo with { Renditions = [Demo.Renditions[0] with { GapSeconds = 1.5 }] }],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_OfEverything_ArePleasingToPromtool()
    {
        string text = TextOf(Everything);

        string file = _folder.PathOf("metrics");
        await File.WriteAllTextAsync(file, text);
        await ToolRun.RequireAsync("/bin/sh", "-c", $"promtool check metrics < {file}");
        Assert.Contains("rivet_broadcasts{state=\"live\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("rivet_rendition_lag_seconds{broadcast=\"live/demo\",rendition=\"480p\"} 0.05\n", text, StringComparison.Ordinal);
        Assert.Contains("rivet_rendition_encode_duration_seconds{broadcast=\"live/demo\",rendition=\"480p\",percentile=\"95\"} 0.006\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE rivet_source_fragments_total counter\nrivet_source_fragments_total{broadcast=\"live/demo\",track=\"video\"} 300\n", text, StringComparison.Ordinal);
        Assert.Contains("rivet_device_healthy{device=\"cpu\",vendor=\"software\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_OfWhatIsUnknownOrOver_AreAbsent()
    {
        RenditionStats starting = new() { Rendition = "480p", Transcoder = "ladder", Track = "video", State = "starting" };

        string unknown = TextOf(KnownStats.All with { Broadcasts = [Demo with { Renditions = [starting] }] });
        string over = TextOf(KnownStats.All with { Broadcasts = [Demo with { State = "ended" }] });

        Assert.Contains("rivet_rendition_up{broadcast=\"live/demo\",rendition=\"480p\"} 0\n", unknown, StringComparison.Ordinal);
        Assert.DoesNotContain("rivet_rendition_lag_seconds", unknown, StringComparison.Ordinal);
        Assert.DoesNotContain("live/demo", over, StringComparison.Ordinal);
        Assert.Contains("rivet_broadcasts{state=\"live\"} 0\n", over, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DashboardAndAlerts_NameOnlyMetricsThatExist()
    {
        HashSet<string> known = [.. Names().Matches(TextOf(Everything)).Select(static name => name.Value)];

        foreach (string page in (string[])["docs/operating/alerts.yml", "docs/operating/grafana.json", "docs/operating.md"])
        {
            string[] named = [.. Names().Matches(Repository.Read(page)).Select(static name => name.Value).Distinct()];
            Assert.NotEmpty(named);
            Assert.True(named.All(known.Contains), $"{page} names {string.Join(", ", named.Where(name => !known.Contains(name)))}, which /metrics does not have.");
        }

        await ToolRun.RequireAsync("promtool", "check", "rules", Path.Combine(Repository.Root, "docs/operating/alerts.yml"));
    }

    [Fact]
    public async Task Metrics_OfAServer_AreServed()
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light(), output: null);

        using HttpResponseMessage answer = await host.Client.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("rivet_server_accepting 1\n", text, StringComparison.Ordinal);
        Assert.Contains("rivet_device_healthy{device=\"cpu\",vendor=\"software\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_WithACollector_AreSentToIt()
    {
        using TcpListener collector = new(IPAddress.Loopback, 0);
        collector.Start();
        LiveSettings light = LiveServerHost.Light();
        await using LiveServerHost host = await LiveServerHost.StartAsync(
            light with { Stats = new StatsSettings { OtlpEndpoint = new Uri($"http://{collector.LocalEndpoint}"), OtlpInterval = TimeSpan.FromSeconds(0.5) } }, output: null);

        using CancellationTokenSource patience = new(Patience.Long);
        using TcpClient exporter = await collector.AcceptTcpClientAsync(patience.Token);
        System.Text.StringBuilder seen = new();
        byte[] bytes = new byte[4096];
        while (!seen.ToString().Contains("rivet.device.healthy", StringComparison.Ordinal))
        {
            int length = await exporter.GetStream().ReadAsync(bytes, patience.Token);
            Assert.NotEqual(0, length);
            seen.Append(System.Text.Encoding.Latin1.GetString(bytes, 0, length));
        }

        Assert.StartsWith("POST /v1/metrics HTTP/1.1\r\n", seen.ToString(), StringComparison.Ordinal);
    }

    private static string TextOf(LiveStats stats)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        LiveMetrics metrics = new(services.GetRequiredService<IMeterFactory>(), () => stats);
        return PrometheusText.Write(metrics.Meter);
    }

    [GeneratedRegex(@"\brivet_\w+")]
    private static partial Regex Names();
}
