namespace Rivet.Live.Core.Bitstream;

/// <summary>What a <see cref="Splice"/> does.</summary>
internal enum SpliceKind
{
    /// <summary>The programme is left.</summary>
    Out,

    /// <summary>The programme goes on.</summary>
    In,

    /// <summary>What was announced will not happen.</summary>
    Cancelled,
}
