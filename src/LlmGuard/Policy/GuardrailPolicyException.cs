using LlmGuard.Policy;

namespace LlmGuard;

/// <summary>A policy was refused. Holds every problem of the document, and no secret.</summary>
public sealed class GuardrailPolicyException : Exception
{
    /// <summary>Makes an exception without problems.</summary>
    public GuardrailPolicyException()
        : this("The policy was refused.")
    {
    }

    /// <summary>Makes an exception without problems.</summary>
    /// <param name="message">Why the policy was refused.</param>
    public GuardrailPolicyException(string message)
        : base(message) => Problems = [];

    /// <summary>Makes an exception without problems.</summary>
    /// <param name="message">Why the policy was refused.</param>
    /// <param name="innerException">What happened.</param>
    public GuardrailPolicyException(string message, Exception innerException)
        : base(message, innerException) => Problems = [];

    /// <summary>Makes an exception that lists problems.</summary>
    /// <param name="origin">Where the policy came from, such as a file name.</param>
    /// <param name="problems">What is wrong with it.</param>
    public GuardrailPolicyException(string origin, IReadOnlyList<SettingsProblem> problems)
        : base(PolicyProblems.Describe(origin, problems)) => Problems = problems;

    /// <summary>What is wrong, each with its place in the document; empty when no document was found.</summary>
    public IReadOnlyList<SettingsProblem> Problems { get; }
}
