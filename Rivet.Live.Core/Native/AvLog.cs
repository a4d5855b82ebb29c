using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>Receives what FFmpeg's libraries write to av_log, on whichever thread they write it.</summary>
internal static unsafe class AvLog
{
    public const int Error = 16;
    public const int Warning = 24;
    public const int Information = 32;

    private const int LineBytes = 1024;

    // AVClass, the same since FFmpeg 0.11: class_name, item_name, option, then three ints.
    private const int ParentOffsetField = 32;
    private const int MaxParents = 4;

    // av_log has one callback per process and C can only call a static method, so the receiver hangs on a static field.
    private static readonly StrongBox<Receiver?> Current = new();

    public static void LogTo(LogTags tags, Action<int, string?, string> sink, int worst)
    {
        Volatile.Write(ref Current.Value, new Receiver(tags, sink, worst, (nint)AvCodecFunctions.avcodec_get_class()));
        AvUtilFunctions.av_log_set_callback(&OnLine);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLine(void* item, int level, byte* format, void* arguments)
    {
        // The upper bits of the level may carry a tint.
        level &= 255;
        Receiver? receiver = Volatile.Read(ref Current.Value);
        if (receiver is null || level > receiver.Worst)
        {
            return;
        }

        byte* line = stackalloc byte[LineBytes];
        int printPrefix = 1;
        _ = AvUtilFunctions.av_log_format_line2(item, level, format, arguments, line, LineBytes, &printPrefix);
        string text = AvUtilFunctions.Text(line).Trim();
        if (text.Length == 0)
        {
            return;
        }

        try
        {
            receiver.Sink(level, receiver.Tags.LabelOf(TagOf(item, receiver.CodecContextClass)), text);
        }
        catch (AggregateException)
        {
            // What a failing log provider throws. It must not unwind through the codec's stack, and there is no log left to tell.
        }
    }

    // The item is a codec context, or something that names its parent.
    private static nint TagOf(void* item, nint codecContextClass)
    {
        for (int depth = 0; depth < MaxParents && item is not null; depth++)
        {
            nint itemClass = *(nint*)item;
            if (itemClass == codecContextClass)
            {
                return *(nint*)((byte*)item + AVOffsets.ContextOpaque);
            }

            int parentOffset = itemClass == 0 ? 0 : *(int*)(itemClass + ParentOffsetField);
            item = parentOffset == 0 ? null : *(void**)((byte*)item + parentOffset);
        }

        return 0;
    }

    private sealed record Receiver(LogTags Tags, Action<int, string?, string> Sink, int Worst, nint CodecContextClass);
}
