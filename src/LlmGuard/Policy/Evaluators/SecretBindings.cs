namespace LlmGuard.Policy.Evaluators;

/// <summary>
/// Where each secret went so far. A reload may not send a secret elsewhere: who can edit a policy must not thereby read its secrets.
/// </summary>
/// <remarks>
/// The binding belongs to the secret, not to the entry, so that neither a renamed entry nor a detour over a policy without it escapes.
/// References are remembered for the life of the process; a literal, which the editor of the policy can read anyway, is compared with the policy in
/// force only. Not safe for concurrent use.
/// </remarks>
internal sealed class SecretBindings(IEnumerable<string> allowedHosts)
{
    private readonly HashSet<string> _allowedHosts = new(allowedHosts, StringComparer.OrdinalIgnoreCase);

    // As configuration compares the names it resolves: another spelling is the same secret.
    private readonly Dictionary<string, HashSet<string>> _references = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, HashSet<string>> _literals = new(StringComparer.Ordinal);

    /// <summary>Reports the secrets that a new document sends to a place they did not go to before.</summary>
    public void Check(IEnumerable<BoundSecretUse> uses, ICollection<SettingsProblem> problems)
    {
        foreach (var (path, secret) in uses)
        {
            if ((secret.Reference is null ? _literals : _references).TryGetValue(secret.Identity, out var before)
                && !before.Contains(secret.Destination ?? "")
                && !IsAllowed(secret.Destination))
            {
                problems.Add(new SettingsProblem(
                    path,
                    $"the secret is the same, but it would now be sent to {secret.Destination ?? "a place the plugin does not tell"}: "
                    + "change the secret too, allow the host in AiGuardrailsOptions.AllowedSecretHosts, or restart"));
            }
        }
    }

    /// <summary>Remembers where the secrets of a document in force go.</summary>
    public void Remember(IReadOnlyCollection<BoundSecretUse> uses)
    {
        _literals = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (_, secret) in uses)
        {
            var known = secret.Reference is null ? _literals : _references;
            if (!known.TryGetValue(secret.Identity, out var destinations))
            {
                known.Add(secret.Identity, destinations = new HashSet<string>(StringComparer.OrdinalIgnoreCase));
            }

            destinations.Add(secret.Destination ?? "");
        }
    }

    private bool IsAllowed(string? destination) =>
        Uri.TryCreate(destination, UriKind.Absolute, out var uri) && _allowedHosts.Contains(uri.DnsSafeHost);
}
