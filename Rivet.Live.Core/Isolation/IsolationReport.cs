namespace Rivet.Live.Core.Isolation;

/// <summary>A broadcast's child at one moment.</summary>
/// <param name="ProcessId">Null while there is none.</param>
/// <param name="Restarts">Children that were lost.</param>
/// <param name="ResidentBytes">Null while there is none.</param>
internal sealed record IsolationReport(int? ProcessId, long Restarts, long? ResidentBytes);
