using Amazon.Runtime;

namespace LlmGuard.Plugins.BedrockGuardrail;

/// <summary>
/// Where <c>bedrock_guardrail</c> takes credentials from that a policy only refers to. Register an implementation of your own to use profiles,
/// single sign-on, web identities or the STS client of your application; without one the AWS SDK's own sources are used.
/// </summary>
/// <remarks>
/// Implementations are thread-safe singletons. They are asked once per policy entry, before its first question; what they return is asked for
/// keys before every request, so it refreshes what expires. An exception is an availability failure (<c>credentials</c>), and the next question
/// asks again.
/// </remarks>
public interface IBedrockCredentialProvider
{
    /// <summary>The identity of the process, for <c>use_default_chain</c>, and for <c>use_role</c> without keys.</summary>
    /// <returns>Credentials; never null.</returns>
    AWSCredentials GetDefault();

    /// <summary>Takes on a role, for <c>use_role</c>.</summary>
    /// <param name="source">Who takes it on: the keys of the entry, or the identity of the process.</param>
    /// <param name="role">The role.</param>
    /// <returns>Credentials that renew themselves before they expire; never null.</returns>
    AWSCredentials AssumeRole(AWSCredentials source, BedrockRole role);
}
