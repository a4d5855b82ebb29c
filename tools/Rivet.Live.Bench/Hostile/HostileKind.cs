namespace Rivet.Live.Bench.Hostile;

/// <summary>What one kind of strangers did and was done to.</summary>
/// <param name="Name">In words.</param>
/// <param name="Connections">At once.</param>
/// <param name="Opened">In all: who is thrown out comes back.</param>
/// <param name="Failed">Could not be opened.</param>
/// <param name="Answers">Whole answers, refusals all of them.</param>
/// <param name="Megabytes">Sent.</param>
internal sealed record HostileKind(string Name, int Connections, long Opened, long Failed, long Answers, double Megabytes);
