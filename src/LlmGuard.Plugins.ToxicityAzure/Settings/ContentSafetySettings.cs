using System.Collections.Frozen;
using LlmGuard.Plugins.ToxicityAzure.Identity;
using LlmGuard.Remote;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityAzure.Settings;

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record ContentSafetySettings
{
    public required JudgeSettings Judge { get; init; }

    public required IJudgeCredential Credential { get; init; }

    public required OperationAddresses Addresses { get; init; }

    public required ContentChecks Checks { get; init; }

    public required HarmThresholds Harm { get; init; }

    /// <summary>The names of the blocklists that texts are compared with.</summary>
    public required IReadOnlyList<string> Blocklists { get; init; }

    /// <summary>Whether a text on a blocklist is not analysed further.</summary>
    public bool HaltOnBlocklistHit { get; init; }

    /// <summary>The hosts whose images Azure can fetch.</summary>
    public required FrozenSet<string> BlobHosts { get; init; }

    /// <summary>Whether what counts blocks; else it is flagged.</summary>
    public bool Blocks { get; init; }

    public required MessageTemplate Message { get; init; }

    /// <summary>Reads the settings of an entry.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="identity">The identity the application registered; null when there is none.</param>
    public static ContentSafetySettings Read(GuardrailSettings settings, EntraIdentity? identity)
    {
        var (judge, addresses) = OperationAddresses.Read(settings);
        var checks = ReadChecks(settings);
        if (!addresses.HasShields && (checks & (ContentChecks.PromptShields | ContentChecks.ProtectedMaterial)) != 0)
        {
            settings.Problem("checks", "\"prompt_shields\" and \"protected_material\" need \"api_version\" 2024-09-01 or a later one");
        }

        var blocklists = settings.Strings("blocklists");
        for (var i = 0; i < blocklists.Count; i++)
        {
            if (blocklists[i].Length is 0 or > 64 || !blocklists[i].All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '~' or '-'))
            {
                settings.Problem("blocklists", i, "expected a blocklist's name: 1 to 64 letters, digits, dots, underscores, tildes and hyphens");
            }
        }

        var halts = settings.Boolean("halt_on_blocklist_hit", false);
        settings.RefuseIdle(blocklists.Count == 0, "without \"blocklists\"", "halt_on_blocklist_hit");
        settings.RefuseRepeated("blocklists", blocklists);
        settings.RefuseIdle(!checks.HasFlag(ContentChecks.Text), "on texts, which \"checks\" leaves out", "blocklists", "output_type");
        settings.RefuseIdle(
            (checks & (ContentChecks.Text | ContentChecks.Images)) == 0,
            "without \"text\" or \"images\" in \"checks\"",
            "categories",
            "category_severity");
        var actions = ToxicityActions.Read(settings);
        return new ContentSafetySettings
        {
            Judge = judge,
            Credential = ReadCredential(settings, judge, identity),
            Addresses = addresses,
            Checks = checks,
            Harm = HarmThresholds.Read(settings),
            Blocklists = blocklists,
            HaltOnBlocklistHit = halts,
            BlobHosts = ReadBlobHosts(settings, checks),
            Blocks = actions.Blocks,
            Message = actions.Message,
        };
    }

    private const string KeyHeader = "Ocp-Apim-Subscription-Key";
    private const string DefaultScope = "https://cognitiveservices.azure.com/.default";

    private static readonly FrozenDictionary<string, ContentChecks> CheckNames = new Dictionary<string, ContentChecks>
    {
        ["text"] = ContentChecks.Text,
        ["images"] = ContentChecks.Images,
        ["prompt_shields"] = ContentChecks.PromptShields,
        ["protected_material"] = ContentChecks.ProtectedMaterial,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static IJudgeCredential ReadCredential(GuardrailSettings settings, JudgeSettings judge, EntraIdentity? identity)
    {
        var asIdentity = settings.Choice("credential", false, KeyValuePair.Create("api_key", false), KeyValuePair.Create("entra_id", true));
        var key = settings.Secret("api_key", judge.Endpoint, required: !asIdentity);
        var scope = settings.Parsed("token_scope", ReadScope, DefaultScope);
        if (!asIdentity)
        {
            settings.RefuseIdle(true, "unless \"credential\" is \"entra_id\"", "token_scope");
            return new SecretCredential(key ?? new GuardrailSecret(""), KeyHeader);
        }

        settings.RefuseIdle(true, "when \"credential\" is \"entra_id\"", "api_key");
        if (identity is null)
        {
            settings.Problem(
                "credential",
                "the application has registered no identity: call AddToxicityAzure with a credential, such as new DefaultAzureCredential()");
        }

        return identity?.For(scope) ?? NoCredential.Instance;
    }

    private static string ReadScope(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.AbsolutePath == "/.default"
            ? text
            : throw new FormatException($"expected a scope such as \"{DefaultScope}\"");

    // The guide's "content_types" name two of the checks; where in the body texts and images stand is the dialect's business, so that "path" narrows
    // nothing.
    private static ContentChecks ReadChecks(GuardrailSettings settings)
    {
        var names = settings.Strings("checks");
        var types = settings.List("content_types", static type =>
        {
            type.OptionalString("path");
            return type.Choice(
                "type",
                ContentChecks.Text,
                KeyValuePair.Create("text", ContentChecks.Text),
                KeyValuePair.Create("image", ContentChecks.Images));
        });
        var checks = types.Aggregate(ContentChecks.None, static (all, one) => all | one);
        for (var i = 0; i < names.Count; i++)
        {
            if (CheckNames.TryGetValue(names[i], out var check))
            {
                checks |= check;
            }
            else
            {
                settings.Problem("checks", i, "expected one of \"text\", \"images\", \"prompt_shields\", \"protected_material\"");
            }
        }

        if (names.Count > 0 && types.Count > 0)
        {
            settings.Problem("content_types", "is an older name of \"checks\": give one of them");
        }

        settings.RefuseEmpty("checks", "content_types");
        settings.RefuseRepeated("checks", names);
        return checks == ContentChecks.None ? ContentChecks.Text | ContentChecks.Images : checks;
    }

    private static FrozenSet<string> ReadBlobHosts(GuardrailSettings settings, ContentChecks checks)
    {
        var hosts = settings.Strings("blob_hosts");
        for (var i = 0; i < hosts.Count; i++)
        {
            if (Uri.CheckHostName(hosts[i]) != UriHostNameType.Dns)
            {
                settings.Problem("blob_hosts", i, "expected a host such as \"account.blob.core.windows.net\"");
            }
        }

        settings.RefuseIdle(!checks.HasFlag(ContentChecks.Images), "on images, which \"checks\" leaves out", "blob_hosts");
        return hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
