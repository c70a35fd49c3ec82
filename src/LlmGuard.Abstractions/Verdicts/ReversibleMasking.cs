namespace LlmGuard;

/// <summary>How one policy entry keeps what it masks, so that the engine can put it back into the model's answer. Immutable.</summary>
/// <remarks>
/// The originals live in a vault of one caller's conversation, which no other caller's call ever opens. The key, which never leaves the process,
/// is part of every vault's name, of its placeholders and of the encryption of its originals: only processes with the same key share vaults.
/// </remarks>
public sealed class ReversibleMasking
{
    /// <summary>Fewest bytes of a key.</summary>
    public const int MinKeyBytes = 16;

    /// <summary>Names a key.</summary>
    /// <param name="key">At least <see cref="MinKeyBytes"/> secret bytes. Copied.</param>
    /// <exception cref="ArgumentException">The key is shorter.</exception>
    public ReversibleMasking(ReadOnlySpan<byte> key)
    {
        if (key.Length < MinKeyBytes)
        {
            throw new ArgumentException($"The key has fewer than {MinKeyBytes} bytes.", nameof(key));
        }

        Key = key.ToArray();
    }

    /// <summary>What shares a vault. A conversation by default.</summary>
    public MaskVaultScope Scope { get; init; }

    /// <summary>How long a vault is kept after its last use. 1 hour by default; above zero.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Names of the tools into whose arguments originals are put back, compared by ordinal equality. None by default: what a tool does with them
    /// is out of the engine's hands.
    /// </summary>
    public IReadOnlyList<string> RestoreInto { get; init; } = [];

    internal byte[] Key { get; }
}

/// <summary>What shares a vault of masked originals. Calls of different callers never do.</summary>
public enum MaskVaultScope
{
    /// <summary>
    /// The calls of one caller that belong to the same conversation: that which the application names, else those that begin with the same user
    /// message.
    /// </summary>
    Conversation,

    /// <summary>All calls of one caller.</summary>
    Caller,

    /// <summary>One call alone.</summary>
    Call,
}
