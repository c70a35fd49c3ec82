namespace LlmGuard;

/// <summary>
/// Keeps the vaults of reversible masking between calls. A thread-safe singleton; without one of the application's, they are kept in memory.
/// </summary>
/// <remarks>
/// A store sees no text and no names: a vault's id and its placeholders are keyed hashes, its originals are encrypted, with a key that it is never
/// given. When it fails or is late, calls go on: what they mask themselves they still restore, what earlier calls masked stays masked.
/// </remarks>
public interface IMaskVaultStore
{
    /// <summary>Reads a vault and starts its lifetime anew.</summary>
    /// <param name="vault">Its id: 64 lower-case hexadecimal characters.</param>
    /// <param name="lifetime">How long to keep it from now on.</param>
    /// <param name="cancellationToken">Signals that the call cannot wait longer, or that the caller cancelled.</param>
    /// <returns>All that was added to it, in any order; empty when there is none or its lifetime is over.</returns>
    ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(string vault, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Adds to a vault, made if need be, and starts its lifetime anew. Complete when another process reading the vault finds them.</summary>
    /// <param name="vault">Its id.</param>
    /// <param name="added">What to add; a placeholder that is there already is kept as it is.</param>
    /// <param name="lifetime">How long to keep it from now on.</param>
    /// <param name="cancellationToken">Signals that the call cannot wait longer, or that the caller cancelled.</param>
    ValueTask AddAsync(string vault, IReadOnlyList<SealedOriginal> added, TimeSpan lifetime, CancellationToken cancellationToken);
}

/// <summary>One masked value as a store keeps it.</summary>
/// <param name="Placeholder">What stands in texts instead: ASCII, at most 64 characters.</param>
/// <param name="Sealed">The encrypted original.</param>
public readonly record struct SealedOriginal(string Placeholder, ReadOnlyMemory<byte> Sealed);
