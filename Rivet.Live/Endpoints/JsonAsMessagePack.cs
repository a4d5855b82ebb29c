using System.Buffers;
using System.Text.Json;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Endpoints;

/// <summary>
/// JSON in MessagePack: the same names, the same order, the same texts. A number without a fraction and an exponent is an integer, any other
/// a float 64.
/// </summary>
internal static class JsonAsMessagePack
{
    public static void Write(ReadOnlyMemory<byte> json, IBufferWriter<byte> output)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Write(document.RootElement, new MessagePackWriter(output));
    }

    private static void Write(JsonElement value, MessagePackWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.GetPropertyCount());
                foreach (JsonProperty field in value.EnumerateObject())
                {
                    writer.Write(field.Name);
                    Write(field.Value, writer);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (JsonElement element in value.EnumerateArray())
                {
                    Write(element, writer);
                }

                break;
            case JsonValueKind.String:
                writer.Write(value.GetString());
                break;
            case JsonValueKind.Number:
                WriteNumber(value, writer);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.ValueKind == JsonValueKind.True);
                break;
            case JsonValueKind.Null:
                writer.WriteNil();
                break;
        }
    }

    private static void WriteNumber(JsonElement value, MessagePackWriter writer)
    {
        if (value.TryGetInt64(out long signed))
        {
            writer.Write(signed);
        }
        else if (value.TryGetUInt64(out ulong unsigned))
        {
            writer.Write(unsigned);
        }
        else
        {
            writer.Write(value.GetDouble());
        }
    }
}
