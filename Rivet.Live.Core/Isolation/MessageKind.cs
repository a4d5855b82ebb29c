namespace Rivet.Live.Core.Isolation;

/// <summary>A message's first value on the wire. Numbers stay what they are: a child of another version must be told from rubbish.</summary>
internal enum MessageKind
{
    ChildReady = 1,
    LadderBegun = 2,
    SourceSent = 3,
    SourceEnded = 4,
    LeaseAnswered = 5,
    DevicesWanted = 6,
    RenditionShed = 7,
    RenditionSent = 8,
    RenditionReported = 9,
    PanicCaught = 10,
    LeaseAsked = 11,
    LeaseWithdrawn = 12,
    LeaseReturned = 13,
    LeaseProved = 14,
    DeviceWorked = 15,
    RenditionCosts = 16,
    ChunkStarted = 17,
    MediaLeftOut = 18,
    LineLogged = 19,
    ChildAlive = 20,
    BroadcastLost = 21,
    LadderEnded = 22,
    LeaseBlamed = 23,
    CallStuck = 24,
    TrialBegun = 25,
    TrialEnded = 26,
}
