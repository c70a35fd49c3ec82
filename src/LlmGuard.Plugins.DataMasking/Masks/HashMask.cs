using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Plugins.DataMasking.Masks;

/// <summary>A keyed hash in letters: equal values of one type have equal hashes, and without the key nobody can try values.</summary>
internal sealed class HashMask(byte[] key, string type)
{
    private const int TagBytes = 8;

    // No digits, no vowels: a hash must look like nothing that a rule looks for.
    private const string Alphabet = "BCDFGHJKLMNPRSTV";

    private readonly byte[] _salt = Encoding.UTF8.GetBytes(type + "\n");

    public string Render(ReadOnlySpan<byte> original, ReadOnlySpan<byte> conversation)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(_salt);
        hash.AppendData(original);
        Span<byte> tag = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(tag);
        var text = new StringBuilder("[").Append(type).Append("_HASH_");
        foreach (var b in tag[..TagBytes])
        {
            text.Append(Alphabet[b >> 4]).Append(Alphabet[b & 15]);
        }

        return text.Append(']').ToString();
    }
}
