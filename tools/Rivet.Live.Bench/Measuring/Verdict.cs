namespace Rivet.Live.Bench.Measuring;

/// <summary>One target and what was measured for it.</summary>
/// <param name="Target">What should hold.</param>
/// <param name="Measured">What does.</param>
/// <param name="IsMet">Whether that is enough.</param>
internal sealed record Verdict(string Target, string Measured, bool IsMet)
{
    public override string ToString() => $"{(IsMet ? "met   " : "missed")}  {Target}: {Measured}";
}
