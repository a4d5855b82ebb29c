using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rivet.Live.Endpoints;

/// <summary>Sends a snapshot in the format that was asked for. MessagePack is made of the JSON, so that the two cannot differ.</summary>
internal static class StatsAnswer
{
    /// <param name="mediaType">One of <see cref="StatsFormat"/>'s.</param>
    /// <param name="contract">How the snapshot looks.</param>
    public static async Task SendAsync<T>(HttpContext context, string mediaType, T stats, Func<LiveJson, JsonTypeInfo<T>> contract)
    {
        if (mediaType == StatsFormat.Json)
        {
            await context.Response.WriteAsJsonAsync(stats, contract(LiveJson.Wire), contentType: null, context.RequestAborted);
            return;
        }

        ArrayBufferWriter<byte> bytes = new();
        JsonAsMessagePack.Write(JsonSerializer.SerializeToUtf8Bytes(stats, contract(LiveJson.Exact)), bytes);
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = bytes.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(bytes.WrittenMemory, context.RequestAborted);
    }
}
