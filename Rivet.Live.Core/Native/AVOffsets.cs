namespace Rivet.Live.Core.Native;

/// <summary>Where the struct fields that move between FFmpeg's releases lie, in bytes: one row per libavcodec major.</summary>
/// <remarks>Measured with offsetof against each release's headers; a test proves the row of the machine's own headers.</remarks>
internal sealed record AVOffsets
{
    /// <summary>In place of an offset: this release has no such field.</summary>
    public const int Gone = -1;

    // The same in every release: AVPacket whole, AVBufferRef, and the head of AVFrame and of AVCodecContext.
    public const int FrameData = 0;
    public const int FrameLinesize = 64;
    public const int FrameWidth = 104;
    public const int FrameHeight = 108;
    public const int FrameFormat = 116;
    public const int FramePts = 136;
    public const int PacketPts = 8;
    public const int PacketDts = 16;
    public const int PacketData = 24;
    public const int PacketSize = 32;
    public const int PacketFlags = 40;
    public const int ContextOpaque = 48;
    public const int BufferData = 8;

    public required int FrameKeyFrame { get; init; }

    public required int FramePictType { get; init; }

    public required int FrameSampleAspectRatio { get; init; }

    public required int FrameFlags { get; init; }

    public required int FrameColorRange { get; init; }

    public required int FrameColorPrimaries { get; init; }

    public required int FrameColorTransfer { get; init; }

    public required int FrameColorSpace { get; init; }

    public required int FrameChromaLocation { get; init; }

    public required int FrameBestEffortTimestamp { get; init; }

    public required int FrameDecodeErrorFlags { get; init; }

    public required int ContextFlags { get; init; }

    public required int ContextExtradata { get; init; }

    public required int ContextExtradataSize { get; init; }

    public required int ContextTimeBase { get; init; }

    public required int ContextPacketTimeBase { get; init; }

    public required int ContextFrameRate { get; init; }

    public required int ContextWidth { get; init; }

    public required int ContextHeight { get; init; }

    public required int ContextPixelFormat { get; init; }

    public required int ContextSampleAspectRatio { get; init; }

    public required int ContextColorPrimaries { get; init; }

    public required int ContextColorTransfer { get; init; }

    public required int ContextColorSpace { get; init; }

    public required int ContextColorRange { get; init; }

    public required int ContextThreadCount { get; init; }

    public required int ContextThreadType { get; init; }

    public required int ContextHardwareDevice { get; init; }

    public required int ContextHardwareFrames { get; init; }

    public required int FramesFormat { get; init; }

    public required int FramesSoftwareFormat { get; init; }

    public required int FramesWidth { get; init; }

    public required int FramesHeight { get; init; }

    /// <summary>The row of libavcodec's major version, 59 to 63.</summary>
    public static AVOffsets Of(int major) => major switch
    {
        59 => Of59(),
        60 => Of60(),
        61 => Of61(),
        62 or 63 => Of62(),
        _ => throw new ArgumentOutOfRangeException(nameof(major), major, "No struct layout is known for this libavcodec; 59 to 63 are."),
    };

    private static AVOffsets Of59() => new()
    {
        FrameKeyFrame = 120,
        FramePictType = 124,
        FrameSampleAspectRatio = 128,
        FrameFlags = 316,
        FrameColorRange = 320,
        FrameColorPrimaries = 324,
        FrameColorTransfer = 328,
        FrameColorSpace = 332,
        FrameChromaLocation = 336,
        FrameBestEffortTimestamp = 344,
        FrameDecodeErrorFlags = 376,
        ContextFlags = 76,
        ContextExtradata = 88,
        ContextExtradataSize = 96,
        ContextTimeBase = 100,
        ContextPacketTimeBase = 724,
        ContextFrameRate = 712,
        ContextWidth = 116,
        ContextHeight = 120,
        ContextPixelFormat = 136,
        ContextSampleAspectRatio = 216,
        ContextColorPrimaries = 324,
        ContextColorTransfer = 328,
        ContextColorSpace = 332,
        ContextColorRange = 336,
        ContextThreadCount = 636,
        ContextThreadType = 640,
        ContextHardwareDevice = 872,
        ContextHardwareFrames = 848,
        FramesFormat = 68,
        FramesSoftwareFormat = 72,
        FramesWidth = 76,
        FramesHeight = 80,
    };

    private static AVOffsets Of60() => new()
    {
        FrameKeyFrame = 120,
        FramePictType = 124,
        FrameSampleAspectRatio = 128,
        FrameFlags = 316,
        FrameColorRange = 320,
        FrameColorPrimaries = 324,
        FrameColorTransfer = 328,
        FrameColorSpace = 332,
        FrameChromaLocation = 336,
        FrameBestEffortTimestamp = 344,
        FrameDecodeErrorFlags = 376,
        ContextFlags = 76,
        ContextExtradata = 88,
        ContextExtradataSize = 96,
        ContextTimeBase = 100,
        ContextPacketTimeBase = 716,
        ContextFrameRate = 704,
        ContextWidth = 116,
        ContextHeight = 120,
        ContextPixelFormat = 136,
        ContextSampleAspectRatio = 216,
        ContextColorPrimaries = 324,
        ContextColorTransfer = 328,
        ContextColorSpace = 332,
        ContextColorRange = 336,
        ContextThreadCount = 636,
        ContextThreadType = 640,
        ContextHardwareDevice = 864,
        ContextHardwareFrames = 840,
        FramesFormat = 68,
        FramesSoftwareFormat = 72,
        FramesWidth = 76,
        FramesHeight = 80,
    };

    private static AVOffsets Of61() => new()
    {
        FrameKeyFrame = 120,
        FramePictType = 124,
        FrameSampleAspectRatio = 128,
        FrameFlags = 292,
        FrameColorRange = 296,
        FrameColorPrimaries = 300,
        FrameColorTransfer = 304,
        FrameColorSpace = 308,
        FrameChromaLocation = 312,
        FrameBestEffortTimestamp = 320,
        FrameDecodeErrorFlags = 344,
        ContextFlags = 64,
        ContextExtradata = 72,
        ContextExtradataSize = 80,
        ContextTimeBase = 84,
        ContextPacketTimeBase = 92,
        ContextFrameRate = 100,
        ContextWidth = 116,
        ContextHeight = 120,
        ContextPixelFormat = 140,
        ContextSampleAspectRatio = 132,
        ContextColorPrimaries = 148,
        ContextColorTransfer = 152,
        ContextColorSpace = 156,
        ContextColorRange = 160,
        ContextThreadCount = 656,
        ContextThreadType = 660,
        ContextHardwareDevice = 560,
        ContextHardwareFrames = 552,
        FramesFormat = 60,
        FramesSoftwareFormat = 64,
        FramesWidth = 68,
        FramesHeight = 72,
    };

    private static AVOffsets Of62() => new()
    {
        FrameKeyFrame = Gone,
        FramePictType = 120,
        FrameSampleAspectRatio = 124,
        FrameFlags = 276,
        FrameColorRange = 280,
        FrameColorPrimaries = 284,
        FrameColorTransfer = 288,
        FrameColorSpace = 292,
        FrameChromaLocation = 296,
        FrameBestEffortTimestamp = 304,
        FrameDecodeErrorFlags = 320,
        ContextFlags = 64,
        ContextExtradata = 72,
        ContextExtradataSize = 80,
        ContextTimeBase = 84,
        ContextPacketTimeBase = 92,
        ContextFrameRate = 100,
        ContextWidth = 112,
        ContextHeight = 116,
        ContextPixelFormat = 136,
        ContextSampleAspectRatio = 128,
        ContextColorPrimaries = 144,
        ContextColorTransfer = 148,
        ContextColorSpace = 152,
        ContextColorRange = 156,
        ContextThreadCount = 656,
        ContextThreadType = 660,
        ContextHardwareDevice = 560,
        ContextHardwareFrames = 552,
        FramesFormat = 60,
        FramesSoftwareFormat = 64,
        FramesWidth = 68,
        FramesHeight = 72,
    };
}
