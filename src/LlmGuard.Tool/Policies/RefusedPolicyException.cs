namespace LlmGuard.Tool.Policies;

/// <summary>The engine refuses a policy.</summary>
/// <param name="origin">The files.</param>
/// <param name="problems">What is wrong, each with its place.</param>
internal sealed class RefusedPolicyException(string origin, IReadOnlyList<string> problems)
    : Exception($"{origin}: refused, {problems.Count} problem{(problems.Count == 1 ? "" : "s")}")
{
    public IReadOnlyList<string> Problems => problems;

    /// <summary>The whole refusal, for commands that only need the policy to work.</summary>
    public ToolException ToToolException() => new($"{Message}\n  {string.Join("\n  ", problems)}");
}
