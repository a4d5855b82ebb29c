using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Rivet.Live.Endpoints;

/// <summary><c>GET /stats/schema</c>: the JSON schema of <c>/stats</c>, made of the records that are sent.</summary>
internal static class StatsSchema
{
    private static readonly JsonSerializerOptions Readable = new(LiveJson.Wire.Options) { WriteIndented = true };

    public static string Text { get; } = Make().ToJsonString(Readable) + "\n";

    private static JsonObject Make()
    {
        JsonObject schema = LiveJson.Wire.LiveStats.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }).AsObject();
        LeaveOutNulls(schema);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "What Rivet.Live says at /stats. Units are in the names; what is unknown is absent.");
        return schema;
    }

    /// <summary>What is unknown is absent: nothing is ever null, and what could be is not required.</summary>
    private static void LeaveOutNulls(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? entry in list)
            {
                LeaveOutNulls(entry);
            }
        }

        if (node is not JsonObject schema)
        {
            return;
        }

        if (schema["required"] is JsonArray required && schema["properties"] is JsonObject properties)
        {
            foreach (JsonNode? name in required.Where(name => MayBeNull(properties[name!.GetValue<string>()])).ToArray())
            {
                required.Remove(name);
            }
        }

        if (MayBeNull(schema))
        {
            schema["type"] = schema["type"]!.AsArray().Select(static type => type!.GetValue<string>()).Single(static type => type != "null");
        }

        foreach ((_, JsonNode? inner) in schema.ToArray())
        {
            LeaveOutNulls(inner);
        }
    }

    private static bool MayBeNull(JsonNode? schema) =>
        schema is JsonObject && schema["type"] is JsonArray types && types.Any(static type => type!.GetValue<string>() == "null");
}
