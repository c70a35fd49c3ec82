using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Counters;

/// <summary>Makes the subjects of counters: who or what a charge is for. Bounded in length, whatever a client sends.</summary>
public static class CounterSubject
{
    /// <summary>The subject of a limit that does not tell anybody apart.</summary>
    public const string Everybody = "";

    /// <summary>The longest subject that is kept as it is, in UTF-16 code units.</summary>
    public const int MaxLength = 64;

    /// <summary>A name as a subject; a long one becomes its SHA-256.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        // A name that looks like a hash is hashed too, so that it cannot be the subject of a longer one.
        return name.Length <= MaxLength && !name.StartsWith("sha256:", StringComparison.Ordinal) ? name : Hashed(name);
    }

    /// <summary>A secret, or a name that must not be stored, as a subject: its SHA-256.</summary>
    /// <param name="secret">The secret.</param>
    /// <exception cref="ArgumentNullException"><paramref name="secret"/> is null.</exception>
    public static string Hashed(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), hash);
        return "sha256:" + Convert.ToHexStringLower(hash[..16]);
    }

    /// <summary>
    /// An address as a subject. An IPv6 address counts as its network of 64 bits, since whoever has one address of it has them all; an IPv4
    /// address is the same whether it is written as IPv6 or not.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    public static string Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes) + "/64";
    }
}
