using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Masking;

/// <summary>What one call knows of one vault: what earlier calls put in, and what it adds itself. Thread-safe.</summary>
internal sealed class MaskVault
{
    /// <summary>Most values of a vault; beyond it values are masked for good.</summary>
    public const int MaxValues = 10_000;

    /// <summary>Longest value in bytes.</summary>
    public const int MaxValueBytes = 8192;

    private const int MaxAttempts = 8;
    private const int NonceBytes = 12;
    private const int AuthenticationBytes = 16;

    private readonly Lock _gate = new();
    private readonly byte[] _tagKey;
    private readonly byte[] _sealKey;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _sealed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _opened = new(StringComparer.Ordinal);
    private readonly List<SealedOriginal> _added = [];

    /// <param name="masking">How the entry keeps what it masks.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="owner">Bytes that only the calls that share the vault have.</param>
    public MaskVault(ReversibleMasking masking, GuardrailEntry entry, ReadOnlySpan<byte> owner)
    {
        Masking = masking;
        var place = SHA256.HashData(Encoding.UTF8.GetBytes($"{entry.Level}\n{entry.Owner}\n{entry.Id}\n{masking.Scope}"));
        var root = HMACSHA256.HashData(masking.Key, (byte[])[.. place, .. owner]);
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(root, "vault"u8));
        _tagKey = HMACSHA256.HashData(root, "placeholder"u8);
        _sealKey = HMACSHA256.HashData(root, "seal"u8);
    }

    public ReversibleMasking Masking { get; }

    public string Id { get; }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _sealed.Count == 0;
            }
        }
    }

    /// <summary>Takes what earlier calls put in.</summary>
    public void Load(IReadOnlyList<SealedOriginal> values)
    {
        lock (_gate)
        {
            foreach (var value in values.Take(MaxValues))
            {
                _sealed.TryAdd(value.Placeholder, value.Sealed);
            }
        }
    }

    /// <summary>What this call has added since it was asked last.</summary>
    public SealedOriginal[] TakeAdded()
    {
        lock (_gate)
        {
            SealedOriginal[] added = [.. _added];
            _added.Clear();
            return added;
        }
    }

    /// <summary>The placeholder of a value: the same for the same value. Null when there can be none.</summary>
    /// <param name="type">What the value is.</param>
    /// <param name="original">The value.</param>
    /// <param name="standing">What has the form of a placeholder in the texts under way.</param>
    public string? Issue(string type, ReadOnlySpan<byte> original, HashSet<string> standing)
    {
        if (original.Length > MaxValueBytes)
        {
            return null;
        }

        lock (_gate)
        {
            for (byte attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var placeholder = Placeholder.Format(type, Tag(type, attempt, original));
                if (Open(placeholder) is { } known)
                {
                    if (original.SequenceEqual(known))
                    {
                        return placeholder;
                    }
                }
                else if (!standing.Contains(placeholder))
                {
                    return TryAdd(placeholder, original) ? placeholder : null;
                }
            }
        }

        return null;
    }

    /// <summary>What a placeholder stands for; false when this vault has not issued it.</summary>
    public bool TryOpen(ReadOnlySpan<byte> placeholder, out byte[] original)
    {
        var name = Encoding.UTF8.GetString(placeholder);
        lock (_gate)
        {
            original = Open(name) ?? [];
            return original.Length > 0;
        }
    }

    /// <summary>Whether a span lies in a placeholder that this vault has issued; null when the text ends before that is known.</summary>
    /// <param name="text">The text, with <see cref="Placeholder.MaxLength"/> bytes before the span's end if it has them.</param>
    /// <param name="span">The span.</param>
    public bool? HasIssuedAround(ReadOnlySpan<byte> text, TextSpan span)
    {
        // No bracket stands inside of a placeholder, so that the last one is where it begins.
        var first = Math.Max(0, span.End - Placeholder.MaxLength);
        var start = first > span.Start ? -1 : text[first..(span.Start + 1)].LastIndexOf((byte)'[');
        if (start < 0)
        {
            return false;
        }

        start += first;
        var rest = text[start..Math.Min(text.Length, start + Placeholder.MaxLength)];
        return Placeholder.Read(rest, out var length) is { } isPlaceholder
            ? isPlaceholder && start + length >= span.End && TryOpen(rest[..length], out _)
            : null;
    }

    private bool TryAdd(string placeholder, ReadOnlySpan<byte> original)
    {
        if (_sealed.Count >= MaxValues)
        {
            return false;
        }

        var value = Seal(placeholder, original);
        _sealed[placeholder] = value;
        _opened[placeholder] = original.ToArray();
        _added.Add(new SealedOriginal(placeholder, value));
        return true;
    }

    private byte[] Tag(string type, byte attempt, ReadOnlySpan<byte> original)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _tagKey);
        hash.AppendData(Encoding.UTF8.GetBytes(type));
        hash.AppendData([0, attempt]);
        hash.AppendData(original);
        return hash.GetHashAndReset();
    }

    private byte[] Seal(string placeholder, ReadOnlySpan<byte> original)
    {
        var value = new byte[NonceBytes + AuthenticationBytes + original.Length];
        var nonce = value.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_sealKey, AuthenticationBytes);
        cipher.Encrypt(nonce, original, value.AsSpan(NonceBytes + AuthenticationBytes),
            value.AsSpan(NonceBytes, AuthenticationBytes), Encoding.UTF8.GetBytes(placeholder));
        return value;
    }

    private byte[]? Open(string placeholder)
    {
        if (_opened.TryGetValue(placeholder, out var known))
        {
            return known;
        }

        if (!_sealed.TryGetValue(placeholder, out var value) || value.Length <= NonceBytes + AuthenticationBytes)
        {
            return null;
        }

        var original = new byte[value.Length - NonceBytes - AuthenticationBytes];
        try
        {
            using var cipher = new AesGcm(_sealKey, AuthenticationBytes);
            var bytes = value.Span;
            cipher.Decrypt(
                bytes[..NonceBytes], bytes[(NonceBytes + AuthenticationBytes)..],
                    bytes.Slice(NonceBytes, AuthenticationBytes), original, Encoding.UTF8.GetBytes(placeholder));
        }
        catch (AuthenticationTagMismatchException)
        {
            // Nobody but a holder of the key can have written what is restored.
            _sealed.Remove(placeholder);
            return null;
        }

        return _opened[placeholder] = original;
    }
}
