using System.Collections.Concurrent;

namespace Rivet.Live.Bench.Viewers;

/// <summary>Every state of the playlist that some viewer was sent, read once: ten thousand viewers on one machine cannot each unpack it.</summary>
/// <param name="playlist">The playlist.</param>
/// <param name="lastWrite">When the publisher's newest fragment had been written.</param>
internal sealed class PlaylistStates(Uri playlist, Func<long> lastWrite)
{
    private readonly ConcurrentDictionary<string, State> _byTag = [];

    public byte[] FirstRequest { get; } = Request(playlist, "");

    /// <param name="tag">ETag of the answer.</param>
    /// <param name="body">Its bytes, which must be the same for everybody.</param>
    public State Of(string tag, ReadOnlySpan<byte> body)
    {
        if (!_byTag.TryGetValue(tag, out State? state))
        {
            byte[] copy = body.ToArray();
            PlaylistPlace place = PlaylistPlace.Read(copy);
            state = _byTag.GetOrAdd(tag, new State(place, lastWrite(), copy, Request(playlist, place.NextQuery)));
        }

        return body.SequenceEqual(state.Body) ? state : throw new InvalidDataException("Two viewers got different bytes under one ETag.");
    }

    private static byte[] Request(Uri playlist, string query) => System.Text.Encoding.ASCII.GetBytes(
        $"GET {playlist.AbsolutePath}{query} HTTP/1.1\r\nHost: {playlist.Authority}\r\nAccept-Encoding: gzip\r\n\r\n");

    /// <param name="Place">How far it reaches.</param>
    /// <param name="PublishedAt">When the publisher had written the fragment that made it; a timestamp.</param>
    /// <param name="Body">Gzipped text.</param>
    /// <param name="NextRequest">What a viewer asks next.</param>
    internal sealed record State(PlaylistPlace Place, long PublishedAt, byte[] Body, byte[] NextRequest);
}
