using System.Globalization;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>How many random inputs a test tries: few in the suite, <c>RIVET_FUZZ_INPUTS</c> of them in a night (<c>tools/fuzz</c>).</summary>
internal static class FuzzLength
{
    public static int Of(int inSuite) =>
        int.TryParse(Environment.GetEnvironmentVariable("RIVET_FUZZ_INPUTS"), CultureInfo.InvariantCulture, out int inputs) ? inputs : inSuite;
}
