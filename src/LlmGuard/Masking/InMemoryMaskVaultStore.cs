namespace LlmGuard.Masking;

/// <summary>Vaults in the memory of this process: bounded, the least recently used go first. Thread-safe.</summary>
internal sealed class InMemoryMaskVaultStore(long maxBytes, TimeProvider time) : IMaskVaultStore
{
    // What an entry costs besides its text: the dictionary's slot, strings and arrays.
    private const int Overhead = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Vault>> _vaults = new(StringComparer.Ordinal);
    private readonly LinkedList<Vault> _byUse = [];
    private long _bytes;

    /// <summary>Bytes taken.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(string vault, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Touch(vault, lifetime) is { } found ? [.. found.Values.Select(static v => new SealedOriginal(v.Key, v.Value))] : []);
        }
    }

    public ValueTask AddAsync(string vault, IReadOnlyList<SealedOriginal> added, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var found = Touch(vault, lifetime) ?? Make(vault, lifetime);
            foreach (var (placeholder, value) in added)
            {
                if (found.Values.Count < MaskVault.MaxValues && found.Values.TryAdd(placeholder, value))
                {
                    Take(found, Overhead + (2 * placeholder.Length) + value.Length);
                }
            }

            while (_byUse.First is { } oldest && (_bytes > maxBytes || IsOver(oldest.Value)))
            {
                Drop(oldest);
            }
        }

        return ValueTask.CompletedTask;
    }

    private Vault? Touch(string id, TimeSpan lifetime)
    {
        if (!_vaults.TryGetValue(id, out var node))
        {
            return null;
        }

        if (IsOver(node.Value))
        {
            Drop(node);
            return null;
        }

        (node.Value.Used, node.Value.Lifetime) = (time.GetTimestamp(), lifetime);
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return node.Value;
    }

    private Vault Make(string id, TimeSpan lifetime)
    {
        var vault = new Vault(id) { Used = time.GetTimestamp(), Lifetime = lifetime };
        _vaults.Add(id, _byUse.AddLast(vault));
        Take(vault, Overhead + (2 * id.Length));
        return vault;
    }

    private bool IsOver(Vault vault) => time.GetElapsedTime(vault.Used) >= vault.Lifetime;

    private void Take(Vault vault, int bytes)
    {
        vault.Bytes += bytes;
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    private void Drop(LinkedListNode<Vault> node)
    {
        _vaults.Remove(node.Value.Id);
        _byUse.Remove(node);
        Volatile.Write(ref _bytes, _bytes - node.Value.Bytes);
    }

    private sealed class Vault(string id)
    {
        public string Id => id;

        public Dictionary<string, ReadOnlyMemory<byte>> Values { get; } = new(StringComparer.Ordinal);

        public long Used { get; set; }

        public TimeSpan Lifetime { get; set; }

        public long Bytes { get; set; }
    }
}
