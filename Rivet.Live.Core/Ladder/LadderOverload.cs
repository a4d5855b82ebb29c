namespace Rivet.Live.Core.Ladder;

/// <summary>What gives way where the devices do not keep real time with everything.</summary>
internal enum LadderOverload
{
    /// <summary>The most expensive rendition, until there is room again.</summary>
    Shed,

    /// <summary>New broadcasts are not let in; renditions leave out what they cannot keep up with.</summary>
    Refuse,
}
