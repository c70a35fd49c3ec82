using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Addresses;

/// <summary>
/// An address of the machine itself or of its network. Tells one that developers give as a setting (a server that they run, a machine of theirs) from
/// one that only somebody who must not reach it asks for: services that trust whoever reaches them, and the pages of administrators.
/// </summary>
internal readonly ref struct OwnAddress
{
    private const int LongestPath = 128;
    private const int LeastPort = 3000;

    // Stores, agents and control planes that ask nobody who he is.
    private static readonly FrozenSet<int> Services = FrozenSet.ToFrozenSet(
        [3306, 4194, 4243, 5432, 5984, 6379, 6443, 7001, 8001, 8161, 8500, 9042, 9200, 9300, 10250, 10255, 11211, 27017, 50070]);

    private static readonly WordTable<bool> Guarded = new((
        "admin administrator administration adminer phpmyadmin pma manage manager management actuator jolokia jmx-console server-status server-info "
        + "nginx_status cgi-bin console secret secrets credential credentials token tokens key keys env .env config configuration containers agent "
        + "metadata meta-data latest internal private shutdown debug heapdump dump backup flag passwd etc _cat _search _cluster _all_dbs namespaces "
        + "kube-system luci setup hidden shell exec solr invoker .git .aws", true));

    private static readonly SearchValues<byte> Odd = SearchValues.Create("%\\@#`{}$;|*"u8);

    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t\r\n\"'<>),"u8);

    private readonly ReadOnlySpan<byte> _host;
    private readonly ReadOnlySpan<byte> _tail;
    private readonly bool _hasUser;
    private readonly bool _isLoopback;

    /// <param name="host">The host, in lower case.</param>
    /// <param name="tail">What stands behind it, from the colon of the port on.</param>
    /// <param name="hasUser">Whether a user is named before the host.</param>
    /// <param name="isLoopback">Whether the host is the machine itself, which nobody names without the port of his program.</param>
    public OwnAddress(ReadOnlySpan<byte> host, ReadOnlySpan<byte> tail, bool hasUser, bool isLoopback)
    {
        _host = host;
        _tail = tail;
        _hasUser = hasUser;
        _isLoopback = isLoopback;
    }

    /// <summary>Whether the address is such as developers give as a setting. Found anew at each call, and few callers need it.</summary>
    public bool IsPlain()
    {
        if (_hasUser || !TryReadPort(_tail, out var port, out var path))
        {
            return false;
        }

        var isOwnPort = port is >= LeastPort and <= 65535 && !Services.Contains(port);
        var isUsualPort = !_isLoopback && port is 0 or 80 or 443;
        return (isOwnPort || isUsualPort) && !IsEveryInterface(_host) && !_host.StartsWith("kubernetes."u8) && IsOrdinary(path);
    }

    // The port, 0 where none is named, and what stands behind it.
    private static bool TryReadPort(ReadOnlySpan<byte> tail, out int port, out ReadOnlySpan<byte> path)
    {
        port = 0;
        path = tail;
        if (tail is not [(byte)':', .. var digits])
        {
            return true;
        }

        if (!Utf8Parser.TryParse(digits, out port, out var read))
        {
            return false;
        }

        path = digits[read..];
        return true;
    }

    private static bool IsEveryInterface(ReadOnlySpan<byte> host) => host.SequenceEqual("0.0.0.0"u8) || host.SequenceEqual("[::]"u8);

    // A path of plain words, none of which names what is guarded.
    private static bool IsOrdinary(ReadOnlySpan<byte> path)
    {
        path = path[..Math.Min(path.Length, LongestPath)];
        var end = path.IndexOfAny(Ends);
        path = end < 0 ? path : path[..end];
        if (path.ContainsAny(Odd))
        {
            return false;
        }

        foreach (var range in path.SplitAny("/?&=. "u8))
        {
            if (Guarded.Contains(path[range]))
            {
                return false;
            }
        }

        return true;
    }
}
