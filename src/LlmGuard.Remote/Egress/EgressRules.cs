using System.Net;
using System.Net.Sockets;

namespace LlmGuard.Remote.Egress;

/// <summary>Which addresses are out in the world. Everything that is not globally reachable unicast by the IANA registries is refused.</summary>
internal static class EgressRules
{
    private static readonly IPNetwork[] Refused =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"), // shared address space; a metadata service of one cloud lives here
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), // link-local; the metadata services of most clouds
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"), // multicast, reserved, broadcast
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] RefusedV6 =
    [
        IPNetwork.Parse("2001::/23"), // Teredo, ORCHID, benchmarking: embed or stand for other addresses
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address may be connected to without <c>allow_private_endpoints</c>.</summary>
    /// <param name="address">The address. One that embeds an IPv4 address is judged by that one.</param>
    public static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(Refused, network => network.Contains(address));
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out _))
        {
            return false;
        }

        if (Nat64.Contains(address))
        {
            return IsPublic(new IPAddress(bytes[12..]));
        }

        return SixToFour.Contains(address)
            ? IsPublic(new IPAddress(bytes[2..6]))
            : GlobalUnicast.Contains(address) && !Array.Exists(RefusedV6, network => network.Contains(address));
    }

    /// <summary>Whether a host of a URI is plainly not public: an address literal that is not, or a name that means this machine.</summary>
    /// <param name="endpoint">An absolute URI.</param>
    public static bool IsPlainlyPrivate(Uri endpoint)
    {
        var host = endpoint.IdnHost.TrimEnd('.');
        return IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? !IsPublic(address)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
