using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Remote.Caching;

/// <summary>
/// Remembers for a while which questions had nothing to object to, per consumer. Holds keyed hashes only; bounded; thread-safe. Belongs to one
/// entry, so other settings never answer.
/// </summary>
/// <param name="lifetime">How long a verdict is remembered.</param>
/// <param name="capacity">How many are remembered at most.</param>
/// <param name="time">The clock.</param>
internal sealed class CleanVerdictCache(TimeSpan lifetime, int capacity, TimeProvider time)
{
    private readonly byte[] _hashKey = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();

    // Two generations of half the capacity: when the younger is full the older is dropped, which costs nothing per entry.
    private Dictionary<UInt128, long> _young = [];
    private Dictionary<UInt128, long> _old = [];

    /// <summary>The key of a question.</summary>
    /// <param name="call">The call; consumer and direction count.</param>
    /// <param name="address">Where it is sent.</param>
    /// <param name="body">All that is sent.</param>
    public UInt128 KeyOf(GuardrailCall call, Uri address, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _hashKey);
        Append(hash, call.Caller.Consumer);
        Append(hash, call.IsResponse ? "response" : "request");
        Append(hash, address.AbsoluteUri);
        hash.AppendData(body);
        Span<byte> key = stackalloc byte[32];
        hash.GetHashAndReset(key);
        return new UInt128(BitConverter.ToUInt64(key), BitConverter.ToUInt64(key[8..]));
    }

    /// <summary>Whether a question is known to be clean.</summary>
    public bool Contains(UInt128 key)
    {
        lock (_lock)
        {
            return (_young.TryGetValue(key, out var until) || _old.TryGetValue(key, out until)) && time.GetUtcNow().UtcTicks < until;
        }
    }

    /// <summary>Remembers that a question is clean.</summary>
    public void Add(UInt128 key)
    {
        lock (_lock)
        {
            if (_young.Count >= capacity / 2)
            {
                (_young, _old) = (_old, _young);
                _young.Clear();
            }

            _young[key] = (time.GetUtcNow() + lifetime).UtcTicks;
        }
    }

    // The length first: no two different triples give the same bytes.
    private static void Append(IncrementalHash hash, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(text is null ? -1 : bytes.Length));
        hash.AppendData(bytes);
    }
}
