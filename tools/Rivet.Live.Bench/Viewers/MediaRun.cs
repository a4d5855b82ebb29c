namespace Rivet.Live.Bench.Viewers;

/// <param name="RequestsPerSecond">Answered.</param>
/// <param name="CpuMicroseconds">The server's processor time for one.</param>
/// <param name="Errors">Answers that were not right.</param>
internal sealed record MediaRun(double RequestsPerSecond, double CpuMicroseconds, long Errors);
