using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rivet.Live.Endpoints;

/// <summary>Writes every double with an exponent and 17 digits, which give it back: a whole one can then be told from an integer.</summary>
internal sealed class ExactDoubles : JsonConverter<double>
{
    private const string Format = "E16";

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    /// <remarks>What JSON has no number for (NaN, infinity) throws, as it does where JSON itself is sent.</remarks>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int length, Format, CultureInfo.InvariantCulture);
        writer.WriteRawValue(text[..length]);
    }
}
