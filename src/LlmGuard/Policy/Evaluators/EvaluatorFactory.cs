using System.Security.Cryptography;
using System.Text;
using LlmGuard.Policy.Revisions;

namespace LlmGuard.Policy.Evaluators;

/// <summary>Makes the evaluators of one load, or takes those of the revision in force whose entry did not change.</summary>
internal sealed class EvaluatorFactory(
    Func<string, string?> resolveSecret,
    IReadOnlyDictionary<string, EvaluatorHandle> inForce,
    Action<IGuardrailEvaluator> dispose)
{
    // Values of secrets are compared across loads, never stored: a key of this process makes the hashes useless elsewhere.
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    private readonly Dictionary<string, EvaluatorHandle> _handles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _literals = new(StringComparer.Ordinal);

    /// <summary>The evaluators of this load, by fingerprint; each holds a reference for the load.</summary>
    public IReadOnlyDictionary<string, EvaluatorHandle> Handles => _handles;

    /// <summary>The evaluator of an entry; null, and a problem told to the session, when the plugin made none.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="entry">Level, owner, id and plugin.</param>
    /// <param name="settings">The entry's settings.</param>
    /// <param name="reader">A reader of the settings.</param>
    /// <param name="hasRead">Whether the plugin has read from it; not when an evaluator was there already.</param>
    public EvaluatorHandle? Get(IGuardrailPlugin plugin, GuardrailEntry entry, SettingsNode settings, out GuardrailSettings reader, out bool hasRead)
    {
        hasRead = false;
        var fingerprint = Fingerprint(entry, settings);
        var session = new SettingsSession { ResolveSecret = resolveSecret };
        reader = new GuardrailSettings(settings, session);
        if (_handles.TryGetValue(fingerprint, out var handle))
        {
            return handle;
        }

        if (inForce.TryGetValue(fingerprint, out handle))
        {
            handle.AddReference();
        }
        else if (Create(plugin, reader, session) is { } evaluator)
        {
            hasRead = true;
            handle = new EvaluatorHandle(evaluator, fingerprint, dispose)
            {
                PluginKeys = reader.Schema.Keys.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase),
                Secrets = [.. session.Secrets.Select(use => Bind(use, settings))],
            };
        }
        else
        {
            return null;
        }

        _handles.Add(fingerprint, handle);
        return handle;
    }

    /// <summary>The settings without secrets and without the keys that the entry took out of them.</summary>
    /// <remarks>
    /// The value of a literal secret does not take part in any form, because a hash of it could be searched for. It is numbered within the
    /// document instead, so that entries with different secrets differ.
    /// </remarks>
    public string Canonical(SettingsNode settings, EvaluatorHandle handle, IReadOnlyCollection<string> except)
    {
        var literals = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var secret in handle.Secrets.Where(secret => secret.Reference is null))
        {
            literals[settings.Path + secret.RelativePath] = secret.Identity;
        }

        return Encoding.UTF8.GetString(CanonicalJson.Write(
            settings,
            node => literals.TryGetValue(node.Path, out var identity) && node.Kind == SettingsNodeKind.String ? NumberOf(identity) : null,
            except));
    }

    public void ReleaseAll()
    {
        foreach (var handle in _handles.Values)
        {
            handle.Release();
        }
    }

    private IGuardrailEvaluator? Create(IGuardrailPlugin plugin, GuardrailSettings reader, SettingsSession session)
    {
        IGuardrailEvaluator? evaluator = null;
        try
        {
            evaluator = plugin.Create(reader);
            if (evaluator is not null)
            {
                AskWhatItSays(plugin, evaluator);
                return evaluator;
            }

            session.Problems.Add(new SettingsProblem(reader.Path, "the plugin made no evaluator of these settings"));
        }
        catch (Exception failure)
        {
            // A plugin is code of others. Its message may quote settings, so only the type is told; problems it had collected say more.
            session.Problems.Add(new SettingsProblem(reader.Path, $"the plugin failed to read its settings ({failure.GetType().Name})"));
        }

        if (evaluator is not null)
        {
            dispose(evaluator);
        }

        return null;
    }

    /// <summary>
    /// Asks for what an evaluator says of itself, which never changes: one that throws then refuses the document, and not every call.
    /// </summary>
    private static void AskWhatItSays(IGuardrailPlugin plugin, IGuardrailEvaluator evaluator)
    {
        _ = (evaluator as IEvaluatorNeeds)?.Needs;
        _ = (evaluator as IReversibleEvaluator)?.Reversible;
        _ = (evaluator as IBodyLimits)?.MaxBodyBytes;
        _ = (evaluator as IBodyLimits)?.MaxJsonDepth;
        foreach (var stage in plugin.Metadata.Stages)
        {
            _ = (evaluator as ISegmentEvaluator)?.IsPurePerSegment(stage);
        }
    }

    private static BoundSecret Bind(SecretUse use, SettingsNode settings)
    {
        var relative = use.Path.StartsWith(settings.Path, StringComparison.Ordinal) ? use.Path[settings.Path.Length..] : use.Path;
        var identity = use.Reference is null ? "=" + Hash(Find(settings, use.Path)) : "$" + use.Reference;
        return new BoundSecret(relative, use.Reference, identity, use.Destination);
    }

    private static string Find(SettingsNode node, string path)
    {
        if (node.Path == path && node.Kind == SettingsNodeKind.String)
        {
            return node.Text;
        }

        foreach (var child in node.Items.Concat(node.Members.Select(member => member.Value)))
        {
            if (path.StartsWith(child.Path, StringComparison.Ordinal) && Find(child, path) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return "";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(ProcessKey, Encoding.UTF8.GetBytes(text)));

    private int NumberOf(string identity)
    {
        if (!_literals.TryGetValue(identity, out var number))
        {
            _literals.Add(identity, number = _literals.Count + 1);
        }

        return number;
    }

    private string Fingerprint(GuardrailEntry entry, SettingsNode settings)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, ProcessKey);
        foreach (var part in (ReadOnlySpan<string>)[entry.Level, entry.Owner, entry.Id, entry.Plugin, settings.IsLoose ? "loose" : "strict"])
        {
            Append(hash, Encoding.UTF8.GetBytes(part));
        }

        Append(hash, CanonicalJson.Write(settings));
        AppendSecrets(hash, settings);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void AppendSecrets(IncrementalHash hash, SettingsNode node)
    {
        if (node.Kind == SettingsNodeKind.Object && node.Member("$secret") is { Kind: SettingsNodeKind.String } reference)
        {
            var value = resolveSecret(reference.Text);
            Append(hash, value is null ? [0] : [1, .. Encoding.UTF8.GetBytes(value)]);
        }

        // Of thousands of keywords none has anything below it.
        for (var i = 0; i < node.Items.Count; i++)
        {
            AppendSecrets(hash, node.Items[i]);
        }

        for (var (i, members) = (0, CanonicalJson.InOrder(node)); i < members.Count; i++)
        {
            AppendSecrets(hash, members[i].Value);
        }
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        hash.AppendData(BitConverter.GetBytes(part.Length));
        hash.AppendData(part);
    }
}
