using System.Text.Json.Nodes;
using Rivet.Live.Endpoints;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>No field of the stats is without a scenario in which it tells something, and no scenario without a test.</summary>
public sealed class FieldsOfTests
{
    /// <summary>What records of one shape have in another place: the publisher's own tracks are neither decoded nor encoded, a broadcast's events are its own, and the server's of no rendition.</summary>
    private static readonly string[] Elsewhere =
    [
        "broadcasts[].source[].stages.decodeMilliseconds.", "broadcasts[].source[].stages.encodeMilliseconds.", "broadcasts[].timeline[].broadcast", "timeline[].rendition",
    ];

    [Fact]
    public void EveryField_IsInAScenario()
    {
        string[] told = [.. FieldsOf.ByScenario.Values.SelectMany(static fields => fields)];

        Assert.Empty(FieldsOf.All.Except(told));
        Assert.Empty(told.Except(FieldsOf.All));
        Assert.Equal(told.Length, told.Distinct().Count());
    }

    [Fact]
    public void EveryField_OfTheSchema_IsAmongTheNames()
    {
        JsonNode schema = JsonNode.Parse(StatsSchema.Text)!;

        string[] fields = [.. FieldsIn(schema, schema, "").Where(static field => !Elsewhere.Any(field.StartsWith))];

        Assert.Equal(fields.Order(StringComparer.Ordinal), FieldsOf.All.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryScenario_IsAskedForByATest()
    {
        string[] tests = [.. Repository.Files("Rivet.Live.Tests", "*Tests.cs").Select(Repository.Read)];

        Assert.All(FieldsOf.ByScenario.Keys, scenario => Assert.Contains(tests, test => test.Contains($".Untold(FieldsOf.{scenario}))", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> FieldsIn(JsonNode whole, JsonNode node, string path) => node switch
    {
        _ when node["$ref"] is { } same => FieldsIn(whole, same.GetValue<string>().Split('/').Skip(1).Aggregate(whole, static (at, step) => at[step]!), path),
        _ when node["properties"] is JsonObject fields => fields.SelectMany(field => FieldsIn(whole, field.Value!, path.Length == 0 ? field.Key : $"{path}.{field.Key}")),
        _ when node["items"] is { } item => FieldsIn(whole, item, $"{path}[]"),
        _ => [path],
    };
}
