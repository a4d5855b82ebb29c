namespace Rivet.Live.Configuration;

/// <summary>The addresses that the server binds.</summary>
internal sealed record ListenSettings
{
    /// <summary>Where the server listens when nobody says otherwise: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>What <c>--dev-tls</c> adds when no address was named.</summary>
    public const string DefaultTlsUrl = "https://127.0.0.1:8443";

    /// <summary>Addresses such as <c>http://127.0.0.1:8080</c>; port 0 asks the system for a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>True: https addresses get a self-signed certificate that is made at start and kept in memory.</summary>
    public bool DevTls { get; init; }
}
