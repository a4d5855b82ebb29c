using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rivet.Live.Configuration;

namespace Rivet.Live.Hosting;

/// <summary>What <c>doctor --json</c> and <c>validate --json</c> print.</summary>
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ValidationReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static ReportJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    });
}

/// <summary>What <c>validate</c> found.</summary>
internal sealed record ValidationReport(bool Valid, IReadOnlyList<SettingMistake> Mistakes);
