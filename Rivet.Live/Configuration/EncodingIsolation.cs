namespace Rivet.Live.Configuration;

/// <summary><c>Encoding:Isolation</c>: where native encoders run.</summary>
internal enum EncodingIsolation
{
    /// <summary>In the server.</summary>
    InProcess,

    /// <summary>In a child process per broadcast.</summary>
    Process,
}
