using System.Text.Json.Serialization;

namespace Rivet.Live.Hosting;

/// <summary>What <c>doctor</c> found, fact by fact.</summary>
/// <param name="CanRun">The ladder can run here.</param>
/// <param name="Advice">What to do, or that all is well.</param>
/// <param name="Facts">In the order in which they were found.</param>
internal sealed record DoctorReport(bool CanRun, string Advice, IReadOnlyList<DoctorFact> Facts)
{
    /// <summary>A fact per line, for people.</summary>
    public void Write(TextWriter output)
    {
        foreach (DoctorFact fact in Facts)
        {
            output.WriteLine(fact.Line);
        }

        output.WriteLine(Advice);
    }
}

/// <summary>One fact about this machine.</summary>
/// <param name="Kind">What it is about: system, libraries, encoder, decoder, device, gpu, rendition …</param>
/// <param name="Works">Whether that works; null where it is neither.</param>
/// <param name="Name">Of what; null where the kind says it.</param>
/// <param name="Text">For people.</param>
internal sealed record DoctorFact(string Kind, bool? Works, string? Name, string Text)
{
    /// <summary>The fact as a line.</summary>
    [JsonIgnore]
    public string Line => $"{Kind,-11} {Works switch { true => "yes ", false => "no  ", null => "" }}{(Name is null ? "" : $"{Name}: ")}{Text}";
}
