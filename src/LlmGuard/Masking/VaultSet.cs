using System.Security.Cryptography;
using LlmGuard.Planning;

namespace LlmGuard.Masking;

/// <summary>The vaults of one call, one for each entry that keeps what it masks.</summary>
internal sealed class VaultSet
{
    private readonly (MaskVault Vault, bool IsShared, bool IsUsable)[] _vaults;

    public VaultSet(IReadOnlyList<PlanEntry> entries, GuardrailCaller caller, string? conversation, GuardrailContent request, bool isKeptByProvider)
    {
        _vaults = new (MaskVault, bool, bool)[entries.Count];
        for (var i = 0; i < _vaults.Length; i++)
        {
            var masking = CallMasks.Of(entries[i]);
            var owner = masking.Scope switch
            {
                MaskVaultScope.Conversation => CallIdentity.OfConversation(caller, conversation, request),
                MaskVaultScope.Caller => CallIdentity.OfCaller(caller),
                _ => null,
            };

            // A provider that keeps the conversation is sent its new turns only: how it began tells nothing then, and what no later call can restore
            // would stand in the conversation as a riddle.
            var isLasting = owner is not null && (masking.Scope == MaskVaultScope.Caller || conversation is not null);
            var vault = new MaskVault(masking, entries[i].Key, owner ?? RandomNumberGenerator.GetBytes(CallIdentity.Bytes));
            _vaults[i] = (vault, owner is not null, isLasting || !isKeptByProvider);
        }
    }

    public bool IsEmpty => Array.TrueForAll(_vaults, static v => v.Vault.IsEmpty);

    public MaskVault? Find(ReversibleMasking masking) => Array.Find(_vaults, v => ReferenceEquals(v.Vault.Masking, masking)).Vault;

    /// <summary>The vault that an entry's values go into; null when they could not be restored from it.</summary>
    public MaskVault? ToIssue(ReversibleMasking masking) =>
        Array.Find(_vaults, v => ReferenceEquals(v.Vault.Masking, masking)) is { IsUsable: true } found ? found.Vault : null;

    public bool TryOpen(ReadOnlySpan<byte> placeholder, string? tool, out byte[] original)
    {
        foreach (var (vault, _, _) in _vaults)
        {
            if ((tool is null || vault.Masking.RestoreInto.Contains(tool)) && vault.TryOpen(placeholder, out original))
            {
                return true;
            }
        }

        original = [];
        return false;
    }

    public async ValueTask LoadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        foreach (var (vault, _, _) in _vaults.Where(static v => v is { IsShared: true, IsUsable: true }))
        {
            vault.Load(await access.ReadAsync(vault, cancellationToken).ConfigureAwait(false));
        }
    }

    public async ValueTask SaveAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        foreach (var (vault, isShared, _) in _vaults)
        {
            if (vault.TakeAdded() is { Length: > 0 } added && isShared)
            {
                await access.AddAsync(vault, added, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
