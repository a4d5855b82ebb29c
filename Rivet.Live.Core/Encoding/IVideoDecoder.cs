using System.Diagnostics.CodeAnalysis;

namespace Rivet.Live.Core.Encoding;

/// <summary>Compressed samples of one track in, their pictures out. For one caller at a time.</summary>
internal interface IVideoDecoder : IDisposable
{
    /// <summary>Hands one sample in. Pictures that it completes wait in <see cref="TryReceive"/>.</summary>
    /// <exception cref="CodecException">The decoder could make nothing of this sample or of one before it; go on with the next.</exception>
    void Send(ReadOnlySpan<byte> sample, long decodeTime, long presentationTime, bool isSync);

    /// <summary>Takes the next picture in presentation order, as far as one is ready.</summary>
    /// <exception cref="CodecException">A picture was lost to damage; ask again.</exception>
    bool TryReceive([NotNullWhen(true)] out Picture? picture);

    /// <summary>Says that no more samples come: <see cref="TryReceive"/> gives what is left. The next <see cref="Send"/> starts afresh.</summary>
    void Drain();

    /// <summary>Forgets everything: pictures not yet received are lost, the next sample must be a keyframe.</summary>
    void Reset();
}
