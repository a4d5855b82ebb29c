using System.Text.RegularExpressions;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.House;

public sealed partial class RoomMapTests
{
    private const string Core = "Rivet.Live.Core";

    public static TheoryData<string> Rooms => [.. Directories()];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_NamesOnlyRoomsItMayImport(string room)
    {
        Assert.True(RoomMap.MayImport.ContainsKey(room), $"{Core}/{room} is not in RoomMap: say there what it may import, and why it exists in README.md.");
        List<string> strangers = [];
        foreach (string path in Repository.Files($"{Core}/{room}", "*.cs"))
        {
            strangers.AddRange(RoomReference().Matches(Repository.Read(path))
                .Select(match => match.Groups[1].Value)
                .Where(named => named != room && RoomMap.MayImport.ContainsKey(named) && !RoomMap.MayImport[room].Contains(named))
                .Distinct()
                .Select(named => $"{path} names {named}"));
        }

        Assert.True(
            strangers.Count == 0,
            $"{string.Join("\n", strangers)}\n{room} may import only [{string.Join(", ", RoomMap.MayImport[room])}]. "
            + "Move the type, or change RoomMap and say why in DECISIONS.md.");
    }

    [Fact]
    public void RoomMap_FollowedFromRoomToRoom_NeverComesBack()
    {
        foreach (string room in RoomMap.MayImport.Keys)
        {
            Assert.False(Reaches(room, room, []), $"{room} can reach itself through RoomMap: two rooms that need each other are one room.");
        }
    }

    [Fact]
    public void RoomMap_AndTheFoldersOfCore_AreTheSameRooms()
    {
        Assert.Equal(RoomMap.MayImport.Keys.Order(), Directories().Order());
    }

    [Fact]
    public void Server_NamesNothingOfNative()
    {
        Assert.DoesNotContain(
            Repository.Files("Rivet.Live", "*.cs"),
            static path => RoomReference().Matches(Repository.Read(path)).Any(static match => match.Groups[1].Value == "Native"));
    }

    [Fact]
    public void CoreReadme_RoomTable_NamesTheRoomsOfTheMap()
    {
        string[] rows = [.. TableRow().Matches(Repository.Read($"{Core}/README.md")).Select(match => match.Groups[1].Value)];

        Assert.Equal(RoomMap.MayImport.Keys.Order(), rows.Order());
    }

    [Fact]
    public void CoreSources_LieInRooms()
    {
        Assert.DoesNotContain(Repository.Files(Core, "*.cs"), path => path.Count(letter => letter == '/') < 2);
    }

    private static bool Reaches(string from, string target, HashSet<string> visited)
    {
        foreach (string next in RoomMap.MayImport[from])
        {
            if (next == target || (visited.Add(next) && Reaches(next, target, visited)))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Directories() => Repository.Files(Core, "*.cs")
        .Select(path => path.Split('/'))
        .Where(steps => steps.Length > 2)
        .Select(steps => steps[1])
        .Distinct();

    [GeneratedRegex(@"Rivet\.Live\.Core\.(\w+)")]
    private static partial Regex RoomReference();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
