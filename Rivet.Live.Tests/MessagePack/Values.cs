using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Tests.MessagePack;

/// <summary>An extension of a type that nobody gave a meaning.</summary>
internal sealed record Extension(sbyte TypeCode, byte[] Data);

/// <summary>
/// Whole values: null, bool, long, ulong, float, double, string, byte[], DateTime, <see cref="Extension"/>, lists, and maps as lists of pairs.
/// </summary>
internal static class Values
{
    private static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Written(object? value)
    {
        ArrayBufferWriter<byte> output = new();
        Write(new MessagePackWriter(output), value);
        return output.WrittenSpan.ToArray();
    }

    public static void Write(MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case long number:
                writer.Write(number);
                break;
            case ulong number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case double number:
                writer.Write(number);
                break;
            case string text:
                writer.Write(text);
                break;
            case byte[] bytes:
                writer.Write(bytes);
                break;
            case DateTime moment:
                writer.Write(moment);
                break;
            case Extension extension:
                writer.WriteExtensionFormat(new ExtensionResult(extension.TypeCode, extension.Data));
                break;
            case List<object?> list:
                writer.WriteArrayHeader(list.Count);
                foreach (object? element in list)
                {
                    Write(writer, element);
                }

                break;
            case List<KeyValuePair<object, object?>> map:
                writer.WriteMapHeader(map.Count);
                foreach ((object key, object? field) in map)
                {
                    Write(writer, key);
                    Write(writer, field);
                }

                break;
            default:
                throw new ArgumentException($"No MessagePack for {value.GetType()}.", nameof(value));
        }
    }

    /// <summary>Reads one value, and allocates what its headers announce, as a trusting caller would.</summary>
    public static object? Read(ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                return null;
            case MessagePackType.Boolean:
                return reader.ReadBoolean();
            case MessagePackType.Integer:
                return reader.NextCode == MessagePackCode.UInt64 ? Narrowed(reader.ReadUInt64()) : reader.ReadInt64();
            case MessagePackType.Float:
                return reader.NextCode == MessagePackCode.Float32 ? (object)reader.ReadSingle() : reader.ReadDouble();
            case MessagePackType.String:
                return reader.ReadString();
            case MessagePackType.Binary:
                return reader.ReadBytes().ToArray();
            case MessagePackType.Array:
                return ReadList(ref reader);
            case MessagePackType.Map:
                return ReadMap(ref reader);
            case MessagePackType.Extension:
                ExtensionResult extension = reader.ReadExtensionFormat();
                return MessagePackTimestamp.Read(extension.Data) is { } timestamp
                    && extension.TypeCode == MessagePackTimestamp.TypeCode
                    && timestamp.ToDateTime() is { } moment
                    ? moment
                    : new Extension(extension.TypeCode, extension.Data.ToArray());
            default:
                reader.Skip();
                throw new InvalidOperationException("What has no type was passed over.");
        }
    }

    public static object? Read(byte[] bytes, out int consumed)
    {
        MessagePackReader reader = new(bytes);
        object? value = Read(ref reader);
        consumed = reader.Consumed;
        return value;
    }

    /// <summary>The value as one line that says every type, the one that <c>msgpack.mjs</c> reads and prints.</summary>
    public static string Told(object? value) => Line(Node(value));

    /// <summary>The number as long where that holds it.</summary>
    public static object Narrowed(ulong value) => value <= long.MaxValue ? (object)(long)value : value;

    public static string Line(JsonNode? node) => node?.ToJsonString(Relaxed) ?? "null";

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        long or ulong => Tagged("n", Convert.ToString(value, CultureInfo.InvariantCulture)!),
        float number => Node((double)number),
        double number => Tagged(
            "n",
            double.IsInteger(number) && (number != 0 || !double.IsNegative(number))
                ? new BigInteger(number).ToString(CultureInfo.InvariantCulture)
                : $"0x{BitConverter.DoubleToUInt64Bits(number):x16}"),
        string text => Tagged("s", text),
        byte[] bytes => Tagged("b", Convert.ToHexStringLower(bytes)),
        DateTime moment => Tagged("t", Pair(MessagePackTimestamp.Of(moment).Seconds, MessagePackTimestamp.Of(moment).Nanoseconds)),
        Extension extension => Tagged("e", Pair(extension.TypeCode, Convert.ToHexStringLower(extension.Data))),
        List<object?> list => new JsonArray([.. list.Select(Node)]),
        List<KeyValuePair<object, object?>> map => Tagged(
            "m",
            new JsonArray([.. map.OrderBy(static field => (string)field.Key, StringComparer.Ordinal).Select(static field => Pair((string)field.Key, Node(field.Value)))])),
        _ => throw new ArgumentException($"No line for {value.GetType()}.", nameof(value)),
    };

    private static JsonObject Tagged(string tag, JsonNode value) => new() { [tag] = value };

    private static JsonArray Pair(JsonNode first, JsonNode? second) => [first, second];

    private static List<object?> ReadList(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        List<object?> list = new(count);
        for (int index = 0; index < count; index++)
        {
            list.Add(Read(ref reader));
        }

        return list;
    }

    private static List<KeyValuePair<object, object?>> ReadMap(ref MessagePackReader reader)
    {
        int count = reader.ReadMapHeader();
        List<KeyValuePair<object, object?>> map = new(count);
        for (int index = 0; index < count; index++)
        {
            object? key = Read(ref reader);
            map.Add(new KeyValuePair<object, object?>(key!, Read(ref reader)));
        }

        return map;
    }
}
