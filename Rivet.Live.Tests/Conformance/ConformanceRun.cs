using Rivet.Live.HlsCheck.Reporting;

namespace Rivet.Live.Tests.Conformance;

/// <summary>What came of one server's broadcasts.</summary>
/// <param name="Reports">By broadcast; all are complete, and one whose check did not come about says why.</param>
/// <param name="Log">The server's.</param>
internal sealed record ConformanceRun(IReadOnlyDictionary<string, Task<CheckReport>> Reports, string Log);
