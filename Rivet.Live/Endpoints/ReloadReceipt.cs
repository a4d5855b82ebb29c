namespace Rivet.Live.Endpoints;

/// <summary>What <c>POST /control/reload</c> did.</summary>
/// <param name="Keys">Since when the keys hold.</param>
/// <param name="Ladder">The ladder of broadcasts that begin from now on.</param>
/// <param name="KeepTheirLadder">Live broadcasts that go on with the ladder that they began with, since it was another one.</param>
internal sealed record ReloadReceipt(string Keys, IReadOnlyList<string> Ladder, IReadOnlyList<string> KeepTheirLadder);
