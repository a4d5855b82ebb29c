namespace Rivet.Live.Configuration;

/// <summary>What the command line asks for.</summary>
internal enum LiveVerb
{
    /// <summary>Serve until told to stop.</summary>
    Run,

    /// <summary>Check the configuration and exit.</summary>
    Validate,

    /// <summary>Say what this machine offers and exit.</summary>
    Doctor,

    /// <summary>Run one broadcast's ladder for the server that started this process; nobody else calls it.</summary>
    LadderChild,

    /// <summary>Say how to call the program and exit.</summary>
    Help,
}
