using Rivet.Live.Configuration;

namespace Rivet.Live.Hosting;

/// <summary>What the server is made of, in the order a byte meets it.</summary>
internal static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services, LiveSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return services.AddWatch();
    }

    /// <summary>The pages that people open.</summary>
    private static IServiceCollection AddWatch(this IServiceCollection services) => services.AddSingleton<WebPages>();
}
