namespace LlmGuard;

/// <summary>Which policy entry an evaluation is for. The key under which engine services keep counters, vaults and breakers.</summary>
/// <param name="Level">The level: <c>gateway</c>, <c>service</c>, <c>rule</c>, <c>consumer_group</c> or <c>consumer</c>.</param>
/// <param name="Owner">The name of the gateway, service, rule, group or consumer that declares the entry; of rules that share a path, the path and
/// the methods.</param>
/// <param name="Id">The entry's id; for an entry without one, a generated <c>level/owner/plugin</c> handle.</param>
/// <param name="Plugin">The plugin's identifier.</param>
public sealed record GuardrailEntry(string Level, string Owner, string Id, string Plugin);
