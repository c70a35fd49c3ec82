using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace LlmGuard.Plugins.BedrockGuardrail;

/// <summary>Credentials as the AWS SDK finds them: its default chain, and roles through its STS package if the application has added that.</summary>
internal sealed class SdkCredentialProvider : IBedrockCredentialProvider
{
    public AWSCredentials GetDefault() => new DefaultChain();

    public AWSCredentials AssumeRole(AWSCredentials source, BedrockRole role) =>
        new AssumeRoleAWSCredentials(source, role.Arn, role.SessionName, new AssumeRoleAWSCredentialsOptions { ExternalId = role.ExternalId });

    /// <summary>
    /// Asks the chain anew each time: it keeps what it has found, and finds out by itself when a profile changes. The chain looks at files and the
    /// metadata service, so nothing is asked before it is needed.
    /// </summary>
    private sealed class DefaultChain : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => DefaultAWSCredentialsIdentityResolver.GetCredentials().GetCredentials();

        public override async Task<ImmutableCredentials> GetCredentialsAsync()
        {
            var credentials = await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync().ConfigureAwait(false);
            return await credentials.GetCredentialsAsync().ConfigureAwait(false);
        }
    }
}
