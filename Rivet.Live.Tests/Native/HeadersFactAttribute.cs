using Xunit;

namespace Rivet.Live.Tests.Native;

/// <summary>A test that compiles against FFmpeg's installed headers; skipped, with the reason, where they or the compiler are missing.</summary>
public sealed class HeadersFactAttribute : FactAttribute
{
    public HeadersFactAttribute()
    {
        string[] directories = ["/usr/include", .. Directory.Exists("/usr/include") ? Directory.GetDirectories("/usr/include", "*-linux-gnu") : []];
        bool headers = directories.Any(static directory => File.Exists(Path.Combine(directory, "libavcodec/avcodec.h")));
        if (!headers || !File.Exists("/usr/bin/gcc"))
        {
            Skip = "FFmpeg's headers or gcc are missing: apt-get install gcc libavcodec-dev";
        }
    }
}
