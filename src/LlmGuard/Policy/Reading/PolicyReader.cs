using LlmGuard.Policy.Evaluators;
using LlmGuard.Policy.Revisions;

namespace LlmGuard.Policy.Reading;

/// <summary>Reads documents into one policy.</summary>
/// <param name="plugins">The plugins of the application.</param>
/// <param name="resolveSecret">Resolves the name of a <c>$secret</c>.</param>
/// <param name="dispose">Disposes evaluators of documents that were refused or are no longer in use.</param>
internal sealed class PolicyReader(PluginCatalog plugins, Func<string, string?> resolveSecret, Action<IGuardrailEvaluator> dispose)
{
    /// <summary>Whether a document that has neither path nor subdomain is a gateway rather than a consumer group.</summary>
    public bool BareDocumentIsGateway { get; init; }

    /// <summary>Reads everything and collects every problem before it gives up.</summary>
    /// <param name="sources">The documents, in the order in which they merge. At least one.</param>
    /// <param name="inForce">The evaluators of the policy in force; those whose entry did not change are kept.</param>
    /// <param name="check">Finds further problems in the finished document.</param>
    /// <exception cref="GuardrailPolicyException">The policy is refused; evaluators made for it are disposed.</exception>
    public LoadedPolicy Read(
        IReadOnlyList<PolicySource> sources,
        IReadOnlyDictionary<string, EvaluatorHandle>? inForce = null,
        Action<LoadedPolicy, ICollection<SettingsProblem>>? check = null)
    {
        var session = new SettingsSession();
        session.Problems.AddRange(sources.SelectMany(source => source.Problems));
        var evaluators = new EvaluatorFactory(resolveSecret, inForce ?? LoadedPolicy.NoEvaluators, dispose);
        var isRead = false;
        try
        {
            var secrets = new List<BoundSecretUse>();
            var notes = new List<string>();
            var document = Read(sources, session, new EntryReader(plugins, evaluators, secrets, notes), notes);
            var loaded = new LoadedPolicy(document, evaluators.Handles, secrets);
            check?.Invoke(loaded, session.Problems);
            if (session.Problems.Count > 0)
            {
                throw new GuardrailPolicyException(string.Join(" and ", sources.Select(source => source.Origin)), session.Problems);
            }

            isRead = true;
            return loaded;
        }
        finally
        {
            if (!isRead)
            {
                evaluators.ReleaseAll();
            }
        }
    }

    /// <summary>What is read of a document, found by reading an empty one.</summary>
    public SettingsSchema Describe()
    {
        var root =
            new GuardrailSettings(new SettingsNode { Kind = SettingsNodeKind.Object, Path = "$" }, new SettingsSession { IsDescribing = true });
        var notes = new List<string>();
        var entries = new EntryReader(plugins, new EvaluatorFactory(resolveSecret, LoadedPolicy.NoEvaluators, dispose), [], notes);
        Read(root, new LevelReader(entries, notes, []), notes);
        return root.Schema;
    }

    private PolicyDocument Read(IReadOnlyList<PolicySource> sources, SettingsSession session, EntryReader entries, List<string> notes)
    {
        var bareRules = new List<string>();
        var roots = sources
            .Select(source => BareDocument.Wrap(WithoutSchema(source.Root), BareDocumentIsGateway, notes, bareRules))
            .Select(KeyedLists.Normalise)
            .ToList();
        var root = new GuardrailSettings(new PolicyMerge(session.Problems).Merge(roots), session);
        var document = Read(root, new LevelReader(entries, notes, bareRules), notes);
        root.ReportUnread();
        RefuseEmpty(document, root, session);
        BodyLimitCheck.Refuse(document, session.Problems);
        return document with { Revision = PolicyRevisionHash.Compute(document) };
    }

    // Which schema an editor checks the file with.
    private static SettingsNode WithoutSchema(SettingsNode root) =>
        root.Kind == SettingsNodeKind.Object && root.Member("$schema") is { Kind: SettingsNodeKind.String }
            ? new SettingsNode
            {
                Kind = root.Kind,
                Path = root.Path,
                IsLoose = root.IsLoose,
                Members = [.. root.Members.Where(member => member.Key != "$schema")],
            }
            : root;

    private static PolicyDocument Read(GuardrailSettings root, LevelReader levels, List<string> notes)
    {
        var gateway = levels.Gateway(root.Object("gateway"));
        var services = root.List("services", levels.Service);
        var serviceIds = services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        return new PolicyDocument
        {
            Gateway = gateway,
            Services = [.. services.Where(IsNamed)],
            Rules = [.. root.List("rules", rule => levels.Rule(rule, serviceIds)).Where(IsNamed)],
            ConsumerGroups = [.. root.List("consumer_groups", levels.ConsumerGroup).Where(IsNamed)],
            Consumers = [.. root.List("consumers", levels.Consumer).Where(IsNamed)],
            Identity = IdentityReader.Read(root.Object("identity")),
            AllowEmpty = root.Boolean("allow_empty", false),
            Notes = [.. notes],
            Revision = "",
        };
    }

    private static bool IsNamed(PolicyLevel level) => level.Name.Length > 0;

    private static void RefuseEmpty(PolicyDocument document, GuardrailSettings root, SettingsSession session)
    {
        // When other problems are there, entries may be missing because of them.
        var isEmpty = !document.Levels().SelectMany(level => level.Entries).Any(entry => entry.Enabled);
        if (isEmpty && !document.AllowEmpty && session.Problems.Count == 0)
        {
            root.Problem(null, "the policy has no enabled entry, so it guards nothing: if that is meant, say \"allow_empty\": true");
        }
    }
}
