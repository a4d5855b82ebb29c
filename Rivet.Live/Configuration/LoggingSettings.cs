namespace Rivet.Live.Configuration;

/// <summary>How the server logs; levels are the web host's own keys.</summary>
internal sealed record LoggingSettings
{
    public LogFormat Format { get; init; } = LogFormat.Text;
}
