using Amazon.Runtime;
using LlmGuard.Plugins.BedrockGuardrail.Credentials;
using LlmGuard.Remote.Credentials;

namespace LlmGuard.Plugins.BedrockGuardrail.Settings;

/// <summary>Who asks: keys, a role, the identity of the process, or a Bedrock API key. Immutable.</summary>
internal sealed record CredentialSettings
{
    private const string DefaultSession = "BedrockClientSession";

    private const int MaxRoleArn = 2048;

    public required string Region { get; init; }

    public GuardrailSecret? ApiKey { get; init; }

    public GuardrailSecret? AccessKey { get; init; }

    public GuardrailSecret? SecretKey { get; init; }

    public GuardrailSecret? SessionToken { get; init; }

    /// <summary>The role that is taken on; null for none.</summary>
    public BedrockRole? Role { get; init; }

    /// <summary>Reads the object <c>credentials</c>, except for the region, which decides about the endpoint and is read before.</summary>
    /// <param name="credentials">The object.</param>
    /// <param name="region">The region.</param>
    /// <param name="endpoint">Where the credentials are used.</param>
    public static CredentialSettings Read(GuardrailSettings credentials, string region, Uri endpoint)
    {
        var usesRole = credentials.Boolean("use_role", false);
        var usesChain = credentials.Boolean("use_default_chain", false);
        var read = new CredentialSettings
        {
            Region = region,
            ApiKey = NotEmpty(credentials, "api_key", endpoint),
            AccessKey = NotEmpty(credentials, "aws_access_key", endpoint),
            SecretKey = NotEmpty(credentials, "aws_secret_key", endpoint),

            // The guide's default is the empty text.
            SessionToken = credentials.Secret("aws_session_token", endpoint) is { IsEmpty: false } token ? token : null,
            Role = ReadRole(credentials, usesRole, region),
        };
        read.Check(credentials, usesRole, usesChain);
        return read;
    }

    /// <summary>The proof of who asks.</summary>
    /// <param name="provider">Where credentials come from that are not in the policy.</param>
    /// <param name="time">The clock.</param>
    public IJudgeCredential Create(IBedrockCredentialProvider provider, TimeProvider time)
    {
        if (ApiKey is not null)
        {
            return new SecretCredential(ApiKey);
        }

        AWSCredentials Source() => AccessKey is null || SecretKey is null ? provider.GetDefault()
            : SessionToken is null ? new BasicAWSCredentials(AccessKey.Reveal(), SecretKey.Reveal())
            : new SessionAWSCredentials(AccessKey.Reveal(), SecretKey.Reveal(), SessionToken.Reveal());

        var identity = string.Join(
            '\n',
            Region,
            AccessKey?.Reveal(),
            SecretKey?.Reveal(),
            SessionToken?.Reveal(),
            Role?.Arn,
            Role?.SessionName,
            Role?.ExternalId);
        return new SignedCredential(identity, Role is { } role ? () => provider.AssumeRole(Source(), role) : Source, Region, time);
    }

    private static GuardrailSecret? NotEmpty(GuardrailSettings credentials, string key, Uri endpoint)
    {
        var secret = credentials.Secret(key, endpoint);
        if (secret is { IsEmpty: true })
        {
            credentials.Problem(key, "must not be empty");
        }

        return secret;
    }

    private static BedrockRole? ReadRole(GuardrailSettings credentials, bool usesRole, string region)
    {
        var arn = credentials.Parsed("role_arn", RoleArn, "");
        var session = credentials.Parsed("session_name", SessionName, DefaultSession);
        var externalId = credentials.Parsed<string?>("external_id", ExternalId, null);
        if (usesRole && arn.Length == 0)
        {
            credentials.Problem("role_arn", "is required with \"use_role\"");
        }

        // The guide's documents carry the first two with their defaults.
        const string condition = "without \"use_role\": true";
        credentials.RefuseIdle(!usesRole && arn.Length > 0, condition, "role_arn");
        credentials.RefuseIdle(!usesRole && session != DefaultSession, condition, "session_name");
        credentials.RefuseIdle(!usesRole, condition, "external_id");
        return usesRole ? new BedrockRole(arn, session, externalId, region) : null;
    }

    private static string RoleArn(string text) =>
        text.Length <= MaxRoleArn && (text.Length == 0 || (text.Split(':') is ["arn", _, "iam", "", { Length: 12 }, var role]
            && role.StartsWith("role/", StringComparison.Ordinal)))
            ? text
            : throw new FormatException("expected the ARN of a role (arn:aws:iam::<account>:role/<name>)");

    private static string SessionName(string text) =>
        text.Length == 0 ? DefaultSession
        : text.Length is >= 2 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '=' or ',' or '.' or '@' or '_' or '-')
            ? text
        : throw new FormatException("expected 2 to 64 letters, digits or characters of +=,.@_-");

    private static string? ExternalId(string text) =>
        text.Length is >= 2 and <= 1224 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+'
            or '=' or ',' or '.' or '@' or ':' or '/' or '_' or '-')
            ? text
            : throw new FormatException("expected 2 to 1224 letters, digits or characters of +=,.@:/_-");

    // One way of proving who asks; the process's own identity only where somebody has said so.
    private void Check(GuardrailSettings credentials, bool usesRole, bool usesChain)
    {
        var hasKeys = AccessKey is not null || SecretKey is not null;
        if ((AccessKey is null) != (SecretKey is null))
        {
            credentials.Problem(AccessKey is null ? "aws_access_key" : "aws_secret_key", "is required: the two keys belong together");
        }

        if (SessionToken is not null && !hasKeys)
        {
            credentials.Problem("aws_session_token", "needs \"aws_access_key\" and \"aws_secret_key\"");
        }

        if (ApiKey is not null && (hasKeys || usesRole || usesChain))
        {
            credentials.Problem("api_key", "is one way to prove who asks, keys, \"use_role\" and \"use_default_chain\" are others: give one of them");
        }
        else if (hasKeys && usesChain)
        {
            credentials.Problem("use_default_chain", "cannot be combined with keys: give one of them");
        }
        else if (ApiKey is null && !hasKeys && !usesRole && !usesChain)
        {
            credentials.Problem(
                null,
                "expected \"aws_access_key\" and \"aws_secret_key\", \"api_key\", \"use_role\" or \"use_default_chain\": the identity of "
                    + "the process is used only where the policy says so");
        }
    }
}
