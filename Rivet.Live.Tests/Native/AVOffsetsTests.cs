using System.Diagnostics;
using System.Globalization;
using Rivet.Live.Core.Native;
using Xunit;

namespace Rivet.Live.Tests.Native;

public class AVOffsetsTests
{
    // Our name, the struct, its field.
    private static readonly (string Name, string Struct, string Field)[] Fields =
    [
        ("FrameData", "AVFrame", "data"), ("FrameLinesize", "AVFrame", "linesize"), ("FrameWidth", "AVFrame", "width"),
        ("FrameHeight", "AVFrame", "height"), ("FrameFormat", "AVFrame", "format"), ("FramePts", "AVFrame", "pts"),
        ("FrameKeyFrame", "AVFrame", "key_frame"), ("FramePictType", "AVFrame", "pict_type"),
        ("FrameSampleAspectRatio", "AVFrame", "sample_aspect_ratio"), ("FrameFlags", "AVFrame", "flags"),
        ("FrameColorRange", "AVFrame", "color_range"), ("FrameColorPrimaries", "AVFrame", "color_primaries"),
        ("FrameColorTransfer", "AVFrame", "color_trc"), ("FrameColorSpace", "AVFrame", "colorspace"),
        ("FrameChromaLocation", "AVFrame", "chroma_location"), ("FrameBestEffortTimestamp", "AVFrame", "best_effort_timestamp"),
        ("FrameDecodeErrorFlags", "AVFrame", "decode_error_flags"),
        ("PacketPts", "AVPacket", "pts"), ("PacketDts", "AVPacket", "dts"), ("PacketData", "AVPacket", "data"),
        ("PacketSize", "AVPacket", "size"), ("PacketFlags", "AVPacket", "flags"),
        ("ContextOpaque", "AVCodecContext", "opaque"), ("ContextFlags", "AVCodecContext", "flags"),
        ("ContextExtradata", "AVCodecContext", "extradata"), ("ContextExtradataSize", "AVCodecContext", "extradata_size"),
        ("ContextTimeBase", "AVCodecContext", "time_base"), ("ContextPacketTimeBase", "AVCodecContext", "pkt_timebase"),
        ("ContextFrameRate", "AVCodecContext", "framerate"), ("ContextWidth", "AVCodecContext", "width"),
        ("ContextHeight", "AVCodecContext", "height"), ("ContextPixelFormat", "AVCodecContext", "pix_fmt"),
        ("ContextSampleAspectRatio", "AVCodecContext", "sample_aspect_ratio"), ("ContextColorPrimaries", "AVCodecContext", "color_primaries"),
        ("ContextColorTransfer", "AVCodecContext", "color_trc"), ("ContextColorSpace", "AVCodecContext", "colorspace"),
        ("ContextColorRange", "AVCodecContext", "color_range"), ("ContextThreadCount", "AVCodecContext", "thread_count"),
        ("ContextThreadType", "AVCodecContext", "thread_type"),
        ("ContextHardwareDevice", "AVCodecContext", "hw_device_ctx"), ("ContextHardwareFrames", "AVCodecContext", "hw_frames_ctx"),
        ("BufferData", "AVBufferRef", "data"), ("FramesFormat", "AVHWFramesContext", "format"),
        ("FramesSoftwareFormat", "AVHWFramesContext", "sw_format"), ("FramesWidth", "AVHWFramesContext", "width"),
        ("FramesHeight", "AVHWFramesContext", "height"),
    ];

    [Fact]
    public void Offsets_OfTheInstalledHeaders_AreThoseOfOurRow()
    {
        Dictionary<string, int> measured = AskCompiler();
        AVOffsets row = AVOffsets.Of(measured["major"]);
        foreach ((string name, _, _) in Fields)
        {
            int ours = OurOffset(row, name);
            Assert.True(ours == measured[name], $"{name} is {ours} in our row of {measured["major"]} and {measured[name]} in the headers");
        }
    }

    [Fact]
    public void Offsets_EveryField_IsMeasured() => Assert.Equal(
        typeof(AVOffsets).GetProperties().Where(static property => property.PropertyType == typeof(int)).Select(static property => property.Name).Order(),
        Fields.Select(static field => field.Name).Where(static name => typeof(AVOffsets).GetProperty(name) is not null).Order());

    [Fact]
    public void Offsets_UnknownMajor_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>(static () => AVOffsets.Of(58));

    private static int OurOffset(AVOffsets row, string name) =>
        (int)(typeof(AVOffsets).GetProperty(name)?.GetValue(row) ?? typeof(AVOffsets).GetField(name)!.GetRawConstantValue()!);

    private static Dictionary<string, int> AskCompiler()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("rivet-offsets-");
        try
        {
            string source = Path.Combine(directory.FullName, "offsets.c");
            string program = Path.Combine(directory.FullName, "offsets");
            IEnumerable<string> lines = Fields
                .Where(static field => field.Name != "FrameKeyFrame")
                .Select(static field => $"printf(\"{field.Name} %zu\\n\", offsetof({field.Struct}, {field.Field}));");
            File.WriteAllText(
                source,
                $$"""
                #include <stddef.h>
                #include <stdio.h>
                #include <libavcodec/avcodec.h>
                #include <libavutil/hwcontext.h>
                int main(void) {
                {{string.Join('\n', lines)}}
                #if LIBAVCODEC_VERSION_MAJOR < 62
                printf("FrameKeyFrame %zu\n", offsetof(AVFrame, key_frame));
                #else
                printf("FrameKeyFrame -1\n");
                #endif
                printf("major %d\n", LIBAVCODEC_VERSION_MAJOR);
                return 0; }
                """);
            Run("gcc", "-w", "-o", program, source);
            return Run(program)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => line.Split(' '))
                .ToDictionary(static words => words[0], static words => int.Parse(words[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed: this test compiles against FFmpeg's headers; apt-get install gcc libc6-dev libavcodec-dev");
        return output;
    }
}
