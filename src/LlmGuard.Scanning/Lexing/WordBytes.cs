using System.Diagnostics.CodeAnalysis;

namespace LlmGuard.Scanning.Lexing;

/// <summary>Compares words by their bytes.</summary>
internal sealed class WordBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly WordBytes Comparer = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        // Tables hold words of this library alone, so that nobody can choose words that collide in them; FNV-1a spreads short words well.
        var hash = 2166136261u;
        foreach (var b in alternate)
        {
            hash = (hash ^ b) * 16777619u;
        }

        return (int)(hash ^ (hash >> 15));
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
