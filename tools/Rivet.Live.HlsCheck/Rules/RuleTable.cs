namespace Rivet.Live.HlsCheck.Rules;

/// <summary>Every rule, in the order of its number.</summary>
internal static class RuleTable
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. ((Rule[])
        [
            .. TargetRules.All, .. CadenceRules.All, .. DirectiveRules.All, .. DeliveryRules.All,
            .. ContentRules.All, .. MasterRules.All, .. ExtraRules.All, .. ConsistencyRules.All,
        ]).OrderBy(static rule => rule.Number),
    ];
}
