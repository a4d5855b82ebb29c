using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rivet.Live.Bench.Viewers;

/// <summary>What the framework alone does, with nothing of ours: a byte[] from an endpoint, connections that only stay.</summary>
internal static class BareKestrel
{
    /// <summary>The verb that a child process of ours is started with.</summary>
    public const string Verb = "bare-kestrel";

    /// <param name="folder">Of the files that it serves out of memory.</param>
    public static async Task RunAsync(string folder)
    {
        ConcurrentDictionary<string, byte[]> files = [];
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        app.UseRouting();
        app.MapGet("/{file}", async context =>
        {
            byte[] bytes = files.GetOrAdd((string)context.Request.RouteValues["file"]!, name => File.ReadAllBytes(Path.Combine(folder, name)));
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        });
        app.MapGet("/bench/allocated", static context => context.Response.WriteAsync(GC.GetTotalAllocatedBytes().ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"bare kestrel ready on {app.Urls.Single()}");
        await app.WaitForShutdownAsync();
    }
}
