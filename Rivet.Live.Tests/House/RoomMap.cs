namespace Rivet.Live.Tests.House;

/// <summary>Which room of Core may name which. A room that is not a key here may not exist.</summary>
internal static class RoomMap
{
    /// <summary>The floor is what everyone may stand on; the rest is in the order a byte meets it.</summary>
    public static IReadOnlyDictionary<string, string[]> MayImport { get; } = new Dictionary<string, string[]>
    {
        ["Media"] = [],
        ["Buffers"] = [],
        ["MessagePack"] = [],
        ["Native"] = [],
        ["Boxes"] = ["Media", "Bitstream"],
        ["Bitstream"] = ["Media"],
        ["Broadcast"] = ["Media", "Buffers"],
        ["Demuxing"] = ["Media", "Buffers", "Boxes", "Bitstream", "Broadcast"],
        ["Ingest"] = ["Media", "Buffers", "Boxes", "Bitstream", "Broadcast", "Demuxing"],

        // Only Encoding knows Native; nothing above it knows which encoder it got. What an encoder sends is described in boxes.
        ["Encoding"] = ["Media", "Buffers", "Boxes", "Bitstream", "Native"],

        // Who may encode and decode what where. Codecs know nothing of devices but their address.
        ["Devices"] = ["Media", "Buffers", "Encoding"],

        // Drains feed transcoders and know none of them, and no HLS: a rendition goes back into the registry as one more track.
        ["Drains"] = ["Media", "Buffers", "Broadcast"],

        // A broadcast's ladder is one object: it owns the picture feed, so it sees fragments, payloads and pictures. It is a transcoder of Drains.
        ["Ladder"] = ["Media", "Buffers", "Broadcast", "Encoding", "Devices", "Drains"],

        // A ladder in a process of its own: both ends of the wire. It asks the system to end the child with the server, so it names Native too.
        ["Isolation"] = ["Media", "Buffers", "MessagePack", "Broadcast", "Encoding", "Devices", "Drains", "Ladder", "Native"],

        // Fragments and the grid they are cut on come from Broadcast.
        ["Packaging"] = ["Media", "Buffers", "Boxes", "Bitstream", "Broadcast"],

        // Bytes of what was packaged, in memory and on disk; playlists know which of them may still be asked for.
        ["Shelf"] = ["Buffers", "Packaging"],
        ["Hls"] = ["Media", "Buffers", "Broadcast", "Packaging", "Shelf"],

        // Files that are kept: reads tracks as packagers do, and knows no playlists.
        ["Recording"] = ["Media", "Buffers", "Boxes", "Broadcast", "Packaging"],

        // The whole, wired.
        ["Pipeline"] =
        [
            "Media", "Buffers", "Boxes", "Bitstream", "Broadcast", "Demuxing", "Ingest", "Encoding", "Devices", "Drains", "Ladder", "Isolation", "Packaging", "Shelf", "Hls", "Recording",
        ],

        // Stats looks at every room; no room looks at it.
        ["Stats"] =
        [
            "Media", "Buffers", "Broadcast", "Demuxing", "Ingest", "Encoding", "Devices", "Drains", "Ladder", "Isolation", "Packaging", "Shelf", "Hls", "Recording", "Pipeline",
        ],
    };
}
