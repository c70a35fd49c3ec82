using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Redis;

/// <summary>A Lua script and the name Redis gives it. Immutable.</summary>
public sealed class RedisScript
{
    /// <summary>Names a script.</summary>
    /// <param name="text">The script.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is null or empty.</exception>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "EVALSHA names scripts by their SHA-1.")]
    public RedisScript(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Text = text;
        Hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The script, in the Lua 5.1 of Redis 6.2 and later and of Valkey.</summary>
    public string Text { get; }

    /// <summary>Its SHA-1 in lower-case hexadecimal, as <c>EVALSHA</c> takes it.</summary>
    public string Hash { get; }

    /// <summary>The hash.</summary>
    public override string ToString() => Hash;
}
