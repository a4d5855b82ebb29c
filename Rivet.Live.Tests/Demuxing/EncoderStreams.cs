using System.Collections.Concurrent;

using Xunit;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>What ffmpeg puts on the wire with the command lines that publishers use, made once per test run.</summary>
public sealed class EncoderStreams : IDisposable
{
    private const string X264 = "-c:v libx264 -preset ultrafast -g 12 -bf 0";
    private const string X264WithB = "-c:v libx264 -preset ultrafast -g 12 -bf 2";
    private const string Aac = "-c:a aac -b:a 48k";
    private const string Plain = "+frag_keyframe+empty_moov+default_base_moof";

    private readonly string _folder = Directory.CreateTempSubdirectory("rivet-ingest-").FullName;
    private readonly ConcurrentDictionary<string, Lazy<string>> _paths = new();

    /// <summary>Every kind of stream, by name.</summary>
    public static TheoryData<string> Names => [.. Commands.Keys];

    private static Dictionary<string, string> Commands { get; } = new()
    {
        ["plain"] = $"{X264} {Aac} -movflags {Plain}",
        ["cmaf"] = $"{X264WithB} {Aac} -movflags +frag_keyframe+empty_moov+default_base_moof+cmaf",
        ["separate-moof"] = $"{X264} {Aac} -movflags {Plain}+separate_moof",
        ["base-data-offset"] = $"{X264} {Aac} -movflags +frag_keyframe+empty_moov",
        ["base-data-offset-separate"] = $"{X264} {Aac} -movflags +frag_keyframe+empty_moov+separate_moof",
        ["omit-tfhd-offset"] = $"{X264} {Aac} -movflags +frag_keyframe+empty_moov+omit_tfhd_offset",
        ["dash"] = $"{X264} {Aac} -movflags {Plain}+dash",
        ["delay-moov-b-frames"] = $"{X264WithB} {Aac} -movflags +frag_keyframe+delay_moov+default_base_moof",
        ["b-frames"] = $"{X264WithB} {Aac} -movflags {Plain}",
        ["negative-cts"] = $"{X264WithB} {Aac} -movflags {Plain}+negative_cts_offsets",
        ["every-frame"] = $"{X264} {Aac} -movflags +frag_every_frame+empty_moov+default_base_moof",
        ["short-fragments-prft"] = $"{X264} {Aac} -movflags +empty_moov+default_base_moof -frag_duration 200000 -write_prft wallclock",
        ["audio-only"] = $"-vn {Aac} -movflags +empty_moov+default_base_moof -frag_duration 300000",
        ["video-only"] = $"-an {X264} -movflags {Plain}",
        ["three-tracks"] = $"-map 0:v -map 0:v -map 1:a {X264} -s:v:1 80x46 {Aac} -movflags {Plain}",
        ["hvc1-opus"] = "-c:v libx265 -preset ultrafast -x265-params keyint=12:log-level=none -tag:v hvc1 -c:a libopus -b:a 32k -movflags +frag_keyframe+delay_moov+default_base_moof",
        ["av01"] = $"-c:v libsvtav1 -preset 12 -g 12 {Aac} -movflags {Plain}",
        ["vp09"] = $"-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 12 {Aac} -movflags {Plain}",
        ["smooth"] = $"{X264} {Aac} -movflags isml+frag_keyframe -f ismv",
        ["moov-with-samples"] = $"{X264} {Aac} -movflags +frag_keyframe+default_base_moof",
        ["sets-in-band"] = $"{X264} -bsf:v dump_extra=freq=keyframe {Aac} -movflags {Plain}",
        ["ac-3"] = $"{X264} -c:a ac3 -b:a 96k -movflags +frag_keyframe+delay_moov+default_base_moof",
        ["ec-3"] = $"{X264} -c:a eac3 -b:a 96k -movflags +frag_keyframe+delay_moov+default_base_moof",
    };

    /// <summary>The file of one stream.</summary>
    public string PathOf(string name) => _paths.GetOrAdd(name, key => new Lazy<string>(() => Make(key))).Value;

    public byte[] BytesOf(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>A path for a file that a test writes itself.</summary>
    public string NewPath() => Path.Combine(_folder, Path.GetRandomFileName() + ".mp4");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Make(string name)
    {
        string path = Path.Combine(_folder, name + ".mp4");
        string[] sources = "-f lavfi -i testsrc2=size=160x90:rate=25 -f lavfi -i sine=frequency=440:sample_rate=48000 -t 1.2".Split(' ');
        string[] command = Commands[name].Split(' ');
        string[] format = command.Contains("-f") ? [] : ["-f", "mp4"];
        FfmpegTool.Ffmpeg(["-v", "error", .. sources, .. command, "-pix_fmt", "yuv420p", "-threads", "1", .. format, path]);
        return path;
    }
}
