using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>What the server and a child tell each other, each in a frame of its own.</summary>
/// <remarks>
/// <code>
///           server                                   child
///                                  ◀── ChildReady    loaded its codecs
/// takes it for a broadcast:  LadderBegun ──▶         builds the ladder
///                            SourceSent  ──▶         decodes, scales, encodes
///                                  ◀── RenditionSent, RenditionReported, PanicCaught, LineLogged, ChildAlive
///         lends:                   ◀── LeaseAsked    LeaseProved, LeaseBlamed, DeviceWorked, DecoderAsked, DecoderReturned
///             LeaseAnswered, DecoderAnswered ──▶ … ◀── LeaseReturned
///                            SourceEnded ──▶         flushes
///                                  ◀── LadderEnded   ends
/// or to try a device:        TrialBegun  ──▶         encodes pictures that nobody will see
///                                  ◀── TrialEnded    is ended
/// or to search for devices:  SearchBegun ──▶         asks the drivers
///                                  ◀── SearchEnded   is ended
/// </code>
/// </remarks>
internal abstract record Message;

/// <summary>What a child says of one of its renditions, beside its media.</summary>
internal abstract record RenditionMessage(string Rendition) : Message;

/// <summary>What a child is there for.</summary>
/// <param name="Version">As <see cref="ChildReady.Version"/>.</param>
internal abstract record FirstMessage(int Version) : Message;

/// <summary>A child is there, and has its codecs.</summary>
/// <param name="Version">Of these messages: both sides are the same program, unless somebody replaced it under a running server.</param>
internal sealed record ChildReady(int Version) : Message
{
    public const int CurrentVersion = 4;
}

/// <summary>The child is to run this ladder.</summary>
internal sealed record LadderBegun(int Version, LadderOrder Order) : FirstMessage(Version);

/// <summary>The child is to try a device that failed, instead of running a ladder.</summary>
/// <param name="Version">As <see cref="ChildReady.Version"/>.</param>
/// <param name="Devices">All devices.</param>
/// <param name="Device">Number of the one to try.</param>
internal sealed record TrialBegun(int Version, DeviceOrder Devices, int Device) : FirstMessage(Version);

/// <summary>What went wrong with it; null where it encodes.</summary>
internal sealed record TrialEnded(EncoderFault? Fault) : Message;

/// <summary>The child is to search for the machine's GPUs, instead of running a ladder.</summary>
/// <param name="Version">As <see cref="ChildReady.Version"/>.</param>
/// <param name="IsNvencDirect">See <see cref="HardwareSearch"/>.</param>
internal sealed record SearchBegun(int Version, bool IsNvencDirect) : FirstMessage(Version);

/// <summary>What was found.</summary>
internal sealed record SearchEnded(FindingsOrder Findings) : Message;

/// <summary>The source's next fragment.</summary>
/// <param name="Fragment">The receiver's to dispose.</param>
/// <param name="Segments">Where segments start, as far as that was not told before.</param>
/// <param name="Absences">Media that is absent, as far as it is remembered.</param>
internal sealed record SourceSent(Fragment Fragment, IReadOnlyList<SegmentStart> Segments, IReadOnlyList<(MediaTime From, MediaTime Until)> Absences) : Message;

/// <summary>No more fragments: flush, and end.</summary>
internal sealed record SourceEnded : Message;

/// <summary>A claim is decided.</summary>
/// <param name="Claim">As the child numbered it.</param>
/// <param name="Device">Number of the device that is lent; null where there is none.</param>
internal sealed record LeaseAnswered(int Claim, int? Device) : Message;

/// <summary>Somebody waits for these devices, and for no others that are lent to this child.</summary>
internal sealed record DevicesWanted(IReadOnlyList<int> Devices) : Message;

/// <summary>A rendition gives way, or does so no longer.</summary>
internal sealed record RenditionShed(string Rendition, bool IsShed) : Message;

/// <summary>A rendition is to have a new encoder with its next chunk.</summary>
internal sealed record RenditionRestarted(string Rendition) : Message;

/// <summary>A rendition's next fragment.</summary>
/// <param name="Rendition">Whose.</param>
/// <param name="Fragment">The receiver's to dispose.</param>
internal sealed record RenditionSent(string Rendition, Fragment Fragment) : Message;

/// <summary>How a rendition is doing.</summary>
internal sealed record RenditionReported(string Rendition, RenditionReport Report) : RenditionMessage(Rendition);

/// <summary>A transcoder threw, and its drain caught it and told the log.</summary>
internal sealed record PanicCaught(string Rendition, DrainPhase Phase) : RenditionMessage(Rendition);

/// <summary>A rendition asks for a lease.</summary>
/// <param name="Claim">The child's number for it, and for the lease that comes of it.</param>
/// <param name="Need">What is needed.</param>
/// <param name="Waits">False where the answer is wanted at once.</param>
internal sealed record LeaseAsked(int Claim, LeaseNeed Need, bool Waits) : Message;

/// <summary>The child does not wait for that lease any more.</summary>
internal sealed record LeaseWithdrawn(int Claim) : Message;

/// <summary>A lease is given back: its encoder is closed.</summary>
internal sealed record LeaseReturned(int Claim) : Message;

/// <summary>Something went wrong with a lease's encoder.</summary>
internal sealed record LeaseBlamed(int Claim, EncoderFault Fault) : Message;

/// <summary>A lease's first sample came.</summary>
internal sealed record LeaseProved(int Claim) : Message;

/// <summary>A source asks whether the device that decodes has room for one more.</summary>
/// <param name="Number">The child's, of the question.</param>
internal sealed record DecoderAsked(int Number) : Message;

/// <summary>Whether it has; the child's to give back then.</summary>
internal sealed record DecoderAnswered(int Number, bool IsLent) : Message;

/// <summary>A decoder is closed, or was not opened.</summary>
/// <param name="IsFull">The device refused it.</param>
internal sealed record DecoderReturned(bool IsFull) : Message;

/// <summary>What a device's encoders did, see <see cref="EncoderDevice.WorkDone"/>.</summary>
internal sealed record DeviceWorked(int Device, double Pixels, double Seconds) : Message;

/// <summary>What encoding a rendition costs, in pixels per second.</summary>
internal sealed record RenditionCosts(string Rendition, double PixelsPerSecond) : RenditionMessage(Rendition);

/// <summary>A rendition starts a chunk, so far behind its publisher.</summary>
internal sealed record ChunkStarted(string Rendition, double BehindSeconds) : RenditionMessage(Rendition);

/// <summary>A rendition had to leave out media.</summary>
internal sealed record MediaLeftOut(string Rendition) : RenditionMessage(Rendition);

/// <summary>A line for the server's log.</summary>
/// <param name="Rendition">Which rendition it is about; null where that is not known.</param>
internal sealed record LineLogged(LogLevel Level, string Category, int EventId, string Text, string? Rendition) : Message;

/// <summary>A thumbnail of the broadcast.</summary>
internal sealed record ThumbnailSent(ReadOnlyMemory<byte> Jpeg) : Message
{
    /// <summary>What is larger is no thumbnail.</summary>
    public const int BytesMax = 256 * 1024;
}

/// <summary>The child's threads get on.</summary>
internal sealed record ChildAlive : Message;

/// <summary>One does not: it is in a call of a rendition's codecs that does not come back.</summary>
internal sealed record CallStuck(string Rendition) : Message;

/// <summary>A rendition cannot be encoded, and the operator wants the broadcast to end then.</summary>
internal sealed record BroadcastLost : Message;

/// <summary>Everything is flushed and sent.</summary>
internal sealed record LadderEnded : Message;
