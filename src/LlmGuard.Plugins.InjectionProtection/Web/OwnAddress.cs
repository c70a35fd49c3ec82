using System.Buffers.Text;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// Tells an address that developers give as a setting (a server of the machine itself that they run, a machine of their network) from one that only
/// somebody who must not reach it asks for: services that trust whoever reaches them, and the pages of administrators.
/// </summary>
internal static class OwnAddress
{
    private const int LongestPath = 128;
    private const int LeastPort = 3000;

    // Stores, agents and control planes that ask nobody who he is.
    private static readonly System.Collections.Frozen.FrozenSet<int> Services = System.Collections.Frozen.FrozenSet.ToFrozenSet(
        [3306, 4194, 4243, 5432, 5984, 6379, 6443, 7001, 8001, 8161, 8500, 9042, 9200, 9300, 10250, 10255, 11211, 27017, 50070]);

    private static readonly WordTable<bool> Guarded = new((
        "admin administrator administration adminer phpmyadmin pma manage manager management actuator jolokia jmx-console server-status server-info "
        + "nginx_status cgi-bin console secret secrets credential credentials token tokens key keys env .env config configuration containers agent "
        + "metadata meta-data latest internal private shutdown debug heapdump dump backup flag passwd etc _cat _search _cluster _all_dbs namespaces "
        + "kube-system luci setup hidden shell exec solr invoker .git .aws", true));

    private static readonly System.Buffers.SearchValues<byte> Odd = System.Buffers.SearchValues.Create("%\\@#`{}$;|*"u8);

    private static readonly System.Buffers.SearchValues<byte> Ends = System.Buffers.SearchValues.Create(" \t\r\n\"'<>),"u8);

    /// <param name="host">The host, in lower case.</param>
    /// <param name="rest">What stands from the host on.</param>
    /// <param name="isLoopback">Whether the host is the machine itself, which nobody names without the port of his program.</param>
    public static bool IsPlain(ReadOnlySpan<byte> host, ReadOnlySpan<byte> rest, bool isLoopback)
    {
        rest = rest[host.Length..];
        var port = 0;
        if (rest is [(byte)':', ..])
        {
            if (!Utf8Parser.TryParse(rest[1..], out port, out var digits))
            {
                return false;
            }

            rest = rest[(digits + 1)..];
        }

        var isOwnPort = port is >= LeastPort and <= 65535 && !Services.Contains(port);
        if (!isOwnPort && (isLoopback || port is not (0 or 80 or 443)) || host.SequenceEqual("0.0.0.0"u8) || host.SequenceEqual("[::]"u8)
            || host.StartsWith("kubernetes."u8))
        {
            return false;
        }

        var path = rest[..Math.Min(rest.Length, LongestPath)];
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
