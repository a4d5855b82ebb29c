using System.Globalization;
using System.Text.RegularExpressions;
using Rivet.Live.Core.Native.Nvenc;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Native.Nvenc;

/// <summary>The table beside the header that Debian packages, which is 11.1 in Debian 12 and 12.1 in Debian 13: every struct and field, as compiled.</summary>
public sealed partial class NvencHeaderTests
{
    private const string Header = "/usr/include/ffnvcodec/nvEncodeAPI.h";

    [Fact]
    public async Task Layout_OfTheInstalledHeadersVersion_IsWhatTheCompilerSays()
    {
        Assert.True(File.Exists(Header), $"This test compiles {Header}: apt-get install gcc libc6-dev libffmpeg-nvenc-dev");
        string header = await File.ReadAllTextAsync(Header);
        NvencVersion version = NvencVersion.Parse($"{Major().Match(header).Groups[1].Value}.{Minor().Match(header).Groups[1].Value}");
        NvencLayout? layout = NvencLayout.All.FirstOrDefault(layout => layout.Version == version);
        Assert.True(layout is not null, $"{Header} has NVENC {version}, which is not in the table");

        Assert.Equal(Describe(layout), await MeasureAsync(layout));
    }

    private static string[] Describe(NvencLayout layout) =>
    [
        .. layout.Structs.SelectMany(one => one.Fields
            .Select(field => $"{one.Name}.{field.Key} {field.Value.Offset} {(field.Value.IsBits ? field.Value.Mask : (uint)field.Value.Bytes)}")
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Size} {one.VersionWord}"))),
    ];

    private static async Task<string[]> MeasureAsync(NvencLayout layout)
    {
        IEnumerable<string> lines = layout.Structs.SelectMany(static one => one.Fields
            .Select(field => field.Value.IsBits ? $"BITS({one.Name}, {field.Key})" : $"FIELD({one.Name}, {field.Key})")
            .Prepend($"STRUCT({one.Name}, {(one.VersionWord == 0 ? "0u" : $"{one.Name}_VER")})"));
        using TemporaryFolder folder = new();
        string source = folder.PathOf("layout.c");
        string program = folder.PathOf("layout");
        await File.WriteAllTextAsync(
            source,
            $$"""
            #include <stddef.h>
            #include <stdio.h>
            #include <stdint.h>
            #include <string.h>
            #include <{{Header}}>
            #define STRUCT(s, version) printf(#s " %zu %u\n", sizeof(s), (uint32_t)version);
            #define FIELD(s, f) printf(#s "." #f " %zu %zu\n", offsetof(s, f), sizeof(((s *)0)->f));
            #define BITS(s, f) { static s one; static uint32_t words[sizeof one / 4]; one.f = ~0u; memcpy(words, &one, sizeof words); \
                for (size_t i = 0; i < sizeof one / 4; i++) if (words[i]) printf(#s "." #f " %zu %u\n", i * 4, words[i]); }
            int main(void) {
            {{string.Join('\n', lines)}}
            return 0; }
            """);
        await ToolRun.RequireAsync("gcc", "-w", "-o", program, source);
        return (await ToolRun.RequireAsync(program)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"#define NVENCAPI_MAJOR_VERSION (\d+)")]
    private static partial Regex Major();

    [GeneratedRegex(@"#define NVENCAPI_MINOR_VERSION (\d+)")]
    private static partial Regex Minor();
}
