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
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        List<int> sizes = SizesOf(json);
        int opened = 0;
        MessagePackWriter writer = new(output);
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteMapHeader(sizes[opened++] / 2);
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteArrayHeader(sizes[opened++]);
                    break;
                case JsonTokenType.PropertyName or JsonTokenType.String:
                    WriteText(reader, writer);
                    break;
                case JsonTokenType.Number:
                    WriteNumber(reader, writer);
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    writer.Write(reader.TokenType == JsonTokenType.True);
                    break;
                case JsonTokenType.Null:
                    writer.WriteNil();
                    break;
            }
        }
    }

    /// <summary>
    /// How much is in each object and array, in the order in which they begin: MessagePack says it in front. Names count like values.
    /// </summary>
    private static List<int> SizesOf(ReadOnlySpan<byte> json)
    {
        List<int> sizes = [];
        Stack<int> open = [];
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }

            if (open.TryPeek(out int parent))
            {
                sizes[parent]++;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push(sizes.Count);
                sizes.Add(0);
            }
        }

        return sizes;
    }

    private static void WriteText(in Utf8JsonReader reader, MessagePackWriter writer)
    {
        if (reader.ValueIsEscaped)
        {
            writer.Write(reader.GetString());
        }
        else
        {
            writer.WriteString(reader.ValueSpan);
        }
    }

    private static void WriteNumber(in Utf8JsonReader reader, MessagePackWriter writer)
    {
        if (reader.TryGetInt64(out long signed))
        {
            writer.Write(signed);
        }
        else if (reader.TryGetUInt64(out ulong unsigned))
        {
            writer.Write(unsigned);
        }
        else
        {
            writer.Write(reader.GetDouble());
        }
    }
}
