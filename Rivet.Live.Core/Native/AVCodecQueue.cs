namespace Rivet.Live.Core.Native;

/// <summary>FFmpeg's send and receive calls with their three answers made plain: done, not now, over.</summary>
internal static class AVCodecQueue
{
    /// <summary>Offers a coded sample. <see cref="AVCodecAnswer.NotNow"/>: pictures must be received first.</summary>
    public static AVCodecAnswer Send(AVCodecContextHandle decoder, AVPacketHandle packet) =>
        Answer(AvCodecFunctions.avcodec_send_packet(decoder, packet), "avcodec_send_packet", decoder);

    /// <summary>Takes a picture. <see cref="AVCodecAnswer.NotNow"/>: the decoder wants more samples.</summary>
    public static AVCodecAnswer Receive(AVCodecContextHandle decoder, AVFrameHandle frame) =>
        Answer(AvCodecFunctions.avcodec_receive_frame(decoder, frame), "avcodec_receive_frame", decoder);

    /// <summary>Tells a decoder that no more samples come.</summary>
    public static AVCodecAnswer EndOfSamples(AVCodecContextHandle decoder) =>
        Answer(AvCodecFunctions.avcodec_send_packet(decoder, 0), "avcodec_send_packet", decoder);

    /// <summary>Offers a picture. <see cref="AVCodecAnswer.NotNow"/>: coded samples must be received first.</summary>
    public static AVCodecAnswer Send(AVCodecContextHandle encoder, AVFrameHandle frame) =>
        Answer(AvCodecFunctions.avcodec_send_frame(encoder, frame), "avcodec_send_frame", encoder);

    /// <summary>Takes a coded sample. <see cref="AVCodecAnswer.NotNow"/>: the encoder wants more pictures.</summary>
    public static AVCodecAnswer Receive(AVCodecContextHandle encoder, AVPacketHandle packet) =>
        Answer(AvCodecFunctions.avcodec_receive_packet(encoder, packet), "avcodec_receive_packet", encoder);

    /// <summary>Tells an encoder that no more pictures come.</summary>
    public static AVCodecAnswer EndOfPictures(AVCodecContextHandle encoder) =>
        Answer(AvCodecFunctions.avcodec_send_frame(encoder, 0), "avcodec_send_frame", encoder);

    /// <summary>Forgets everything inside a decoder; it waits for a keyframe.</summary>
    public static void Flush(AVCodecContextHandle decoder) => AvCodecFunctions.avcodec_flush_buffers(decoder);

    private static AVCodecAnswer Answer(int status, string call, AVCodecContextHandle codec) => status switch
    {
        >= 0 => AVCodecAnswer.Done,
        AvUtilFunctions.AVERROR_EAGAIN => AVCodecAnswer.NotNow,
        AvUtilFunctions.AVERROR_EOF => AVCodecAnswer.Over,
        _ => throw new FFmpegException(call, status, codec.Label),
    };
}
