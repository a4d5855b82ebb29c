namespace Rivet.Live.Core.Isolation;

/// <summary>How children are started, and what they may take.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments; <see cref="LadderChild.Verb"/> is added.</param>
/// <param name="BytesMax">Resident memory of a child, in bytes: one that takes more is replaced.</param>
internal sealed record IsolationPlan(string FileName, IReadOnlyList<string> Arguments, long BytesMax)
{
    /// <summary>A call into codecs that takes longer hangs, and its child is replaced. A picture takes milliseconds, an encoder that opens takes seconds, and what is flushed at the end takes a few.</summary>
    public TimeSpan CallMax { get; init; } = TimeSpan.FromSeconds(15);
}
