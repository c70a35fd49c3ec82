using LlmGuard.Policy;

namespace LlmGuard.Tool.Policies;

/// <summary>Says what is wrong with a policy in the words of this tool.</summary>
internal static class PolicyRefusal
{
    /// <summary>The problems, one a line; the message itself when there is no list.</summary>
    /// <param name="refusal">What the engine said.</param>
    /// <param name="installed">The plugins of this tool.</param>
    public static IEnumerable<string> Lines(GuardrailPolicyException refusal, IReadOnlyList<string> installed) => refusal.Problems.Count == 0
        ? [refusal.Message]
        : refusal.Problems.Select(problem => $"{problem.Path}: {Message(problem.Message, installed)}");

    private static string Message(string message, IReadOnlyList<string> installed)
    {
        // The engine's advice, to install a package, is for applications: who runs the tool cannot follow it.
        var name = message.Split('\'') is [_, var quoted, _, ..] ? quoted : "";
        if (KnownPlugins.Contains(name) && message == KnownPlugins.Missing(name, []))
        {
            return $"this llmguard does not contain the plugin '{name}', so the entry was not checked (it contains {string.Join(", ", installed)})";
        }

        const string Absent = "is not configured";
        return message.StartsWith("the secret '", StringComparison.Ordinal) && message.EndsWith(Absent, StringComparison.Ordinal)
            ? $"{message}: set the environment variable {SecretSource.VariableOf(name)}"
            : message;
    }
}
