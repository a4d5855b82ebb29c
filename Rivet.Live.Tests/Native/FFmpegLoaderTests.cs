using System.Collections.Concurrent;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;
using Rivet.Live.Tests.Encoding;
using Xunit;

namespace Rivet.Live.Tests.Native;

// FFmpeg has one log callback per process, and every server that a test starts takes it: so never beside one.
[Collection(Live.LiveTests.Name)]
public class FFmpegLoaderTests
{
    [Fact]
    public void Loader_ThisMachine_FindsAConsistentRow()
    {
        FFmpegLibrary library = new FFmpegLoader().Load();
        Assert.Contains(library.Release, FFmpegRelease.Known);
        Assert.StartsWith($"libavcodec {library.Major}.", library.Versions[1], StringComparison.Ordinal);
        Assert.StartsWith($"libswscale {library.Release.Scale}.", library.Versions[2], StringComparison.Ordinal);
        Assert.All(library.Paths, static path => Assert.True(File.Exists(path), path));
    }

    [Fact]
    public void Loader_ForcedMajorThatIsNotInstalled_SaysWhatWasTriedAndWhatToInstall()
    {
        FFmpegLibrary present = new FFmpegLoader().Load();
        FFmpegRelease absent = FFmpegRelease.Known.First(release => release.Codec != present.Major && !File.Exists(
            Path.Combine(Path.GetDirectoryName(present.Paths[0])!, release.Files[0].FileName)));
        FFmpegMissingException error = Assert.Throws<FFmpegMissingException>(() => new FFmpegLoader(absent.Codec).Load());
        Assert.Contains($"libavutil.so.{absent.Util}", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libavcodec-extra", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loader_UnknownMajor_SaysWhichAreKnown()
    {
        FFmpegMissingException error = Assert.Throws<FFmpegMissingException>(() => new FFmpegLoader(58).Load());
        Assert.Contains("58", error.Message, StringComparison.Ordinal);
        Assert.Contains("63, 62, 61, 60, 59", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_DamagedSample_IsHeardUnderTheDecodersLabel()
    {
        FFmpegLibrary library = new FFmpegLoader().Load();
        (TrackDescription track, _) = Synthetic.Stream(320, 180, 1, 1);
        ConcurrentQueue<(int Level, string? Label, string Text)> lines = [];
        library.LogTo((level, label, text) => lines.Enqueue((level, label, text)));
        using (VideoDecoder decoder = VideoDecoder.Open(library, track, 1, "live/damaged decode"))
        {
            Assert.Throws<CodecException>(() => decoder.Send(new byte[50], 0, 0, isSync: true));
        }

        Assert.Contains(lines, static line => line.Label == "live/damaged decode" && line.Level <= AvLog.Error);
    }

    [Fact]
    public void LogTags_CodecsClosed_AreForgotten()
    {
        FFmpegLibrary library = new FFmpegLoader().Load();
        for (int i = 0; i < 3; i++)
        {
            VideoEncoder.Open(library, Synthetic.Settings(320, 180), new PayloadPool(), "short").Dispose();
        }

        Assert.Equal(0, library.LogTags.Count);
    }
}
