using System.Numerics;
using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>Pictures as NVENC's input buffers have them, at the pitch that the driver says.</summary>
internal static class NvencPixels
{
    /// <summary>10 bits stand in the upper part of two bytes.</summary>
    private const int Shift10 = 6;

    public static int FormatOf(int bitDepth) => bitDepth == 8 ? NvencIds.Planar8 : NvencIds.Interleaved10;

    /// <summary>Bytes of a buffer: all of luma's rows, and half as many of chroma.</summary>
    public static int BytesOf(int pitch, int height) => checked(pitch * (height + ((height + 1) / 2)));

    /// <summary>Copies a picture into a buffer.</summary>
    /// <param name="picture">Planar 4:2:0.</param>
    /// <param name="buffer">As large as <see cref="BytesOf"/> says.</param>
    /// <param name="pitch">Bytes from one row of luma to the next.</param>
    public static void Write(Picture picture, Span<byte> buffer, int pitch)
    {
        if (picture.BitDepth == 8)
        {
            Write8(picture, buffer, pitch);
        }
        else
        {
            Write10(picture, buffer, pitch);
        }
    }

    private static void Write8(Picture picture, Span<byte> buffer, int pitch)
    {
        Span<byte> target = buffer;
        for (int plane = 0; plane < 3; plane++)
        {
            int width = picture.PlaneWidth(plane);
            int height = picture.PlaneHeight(plane);
            int targetPitch = plane == 0 ? pitch : pitch / 2;
            ReadOnlySpan<byte> source = picture.Plane(plane);
            int stride = picture.Stride(plane);
            for (int row = 0; row < height; row++)
            {
                source.Slice(row * stride, width).CopyTo(target[(row * targetPitch)..]);
            }

            target = target[(height * targetPitch)..];
        }
    }

    private static void Write10(Picture picture, Span<byte> buffer, int pitch)
    {
        int width = picture.Width;
        for (int row = 0; row < picture.Height; row++)
        {
            Raise(RowOf(picture, 0, row), MemoryMarshal.Cast<byte, ushort>(buffer.Slice(row * pitch, width * sizeof(ushort))));
        }

        int chromaWidth = picture.PlaneWidth(1);
        Span<byte> chroma = buffer[(picture.Height * pitch)..];
        for (int row = 0; row < picture.PlaneHeight(1); row++)
        {
            Interleave(
                RowOf(picture, 1, row), RowOf(picture, 2, row), MemoryMarshal.Cast<byte, uint>(chroma.Slice(row * pitch, chromaWidth * sizeof(uint))));
        }
    }

    private static ReadOnlySpan<ushort> RowOf(Picture picture, int plane, int row)
    {
        int bytes = picture.PlaneWidth(plane) * sizeof(ushort);
        return MemoryMarshal.Cast<byte, ushort>(
            picture.Frame.Plane(plane, bytes, picture.PlaneHeight(plane)).Slice(row * picture.Stride(plane), bytes));
    }

    private static void Raise(ReadOnlySpan<ushort> source, Span<ushort> target)
    {
        int at = 0;
        for (; at <= source.Length - Vector<ushort>.Count; at += Vector<ushort>.Count)
        {
            (new Vector<ushort>(source[at..]) << Shift10).CopyTo(target[at..]);
        }

        for (; at < source.Length; at++)
        {
            target[at] = (ushort)(source[at] << Shift10);
        }
    }

    /// <summary>Two samples are one little-endian word: blue in front.</summary>
    private static void Interleave(ReadOnlySpan<ushort> blue, ReadOnlySpan<ushort> red, Span<uint> target)
    {
        int at = 0;
        for (; at <= blue.Length - Vector<ushort>.Count; at += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(blue[at..]), out Vector<uint> blueLow, out Vector<uint> blueHigh);
            Vector.Widen(new Vector<ushort>(red[at..]), out Vector<uint> redLow, out Vector<uint> redHigh);
            ((blueLow << Shift10) | (redLow << (16 + Shift10))).CopyTo(target[at..]);
            ((blueHigh << Shift10) | (redHigh << (16 + Shift10))).CopyTo(target[(at + Vector<uint>.Count)..]);
        }

        for (; at < blue.Length; at++)
        {
            target[at] = ((uint)blue[at] << Shift10) | ((uint)red[at] << (16 + Shift10));
        }
    }
}
