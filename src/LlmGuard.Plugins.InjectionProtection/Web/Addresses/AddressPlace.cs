using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web.Addresses;

/// <summary>
/// Tells the address that something is asked to fetch, which is a whole value, a parameter or the argument of a command, from one that a sentence, a
/// log or a file of settings speaks of. Developers name machines of their own network all day.
/// </summary>
internal static class AddressPlace
{
    private static readonly SearchValues<byte> WordBreaks = SearchValues.Create(" \t\n;|&`(\"'$"u8);

    private const int Longest = 128;

    private const int LongestScheme = 24;
    private const int LongestName = 32;

    // Connections that drivers open; nothing that fetches pages does.
    private static readonly WordTable<bool> Drivers = new((
        "postgres postgresql mysql mariadb mongodb mongodb+srv amqp amqps redis rediss mssql sqlserver oracle nats kafka mqtt bolt neo4j "
        + "clickhouse cassandra ws wss rtsp rtsps mqtts stomp smtp smtps imaps", true));

    // Where a browser is sent back to after a login, which is the sender's own machine while a program is written, and with programs that have no
    // server.
    private static readonly WordTable<bool> Returns = new((
        "redirect_uri redirecturi redirect_url post_logout_redirect_uri "
        + "origin origins cors_origin cors_origins allowed_origin allowed_origins issuer audience", true));

    // What is set once and called by the application itself, as against what it is told to fetch.
    private static readonly WordTable<bool> Settings = new((
        "base_url baseurl api_base server_url backend backend_url upstream http_proxy https_proxy broker registry", true));

    private static readonly SearchValues<byte> SchemeBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-."u8);

    /// <param name="text">The text, in lower case.</param>
    /// <param name="host">Where the host begins, behind the scheme's "://".</param>
    /// <param name="address">The address.</param>
    /// <param name="hits">Counts the steps.</param>
    public static bool IsFetched(ReadOnlySpan<byte> text, int host, OwnAddress address, HitList hits)
    {
        hits.Steps += 2 * Longest;
        var colon = host - "://".Length;
        var scheme = text[Math.Max(0, colon - LongestScheme)..colon];
        scheme = scheme[(scheme.LastIndexOfAnyExcept(SchemeBytes) + 1)..];
        if (Drivers.Contains(scheme))
        {
            return false;
        }

        var before = text[Math.Max(0, colon - scheme.Length - Longest)..(colon - scheme.Length)];
        var isStart = before.Length == colon - scheme.Length;
        if (isStart && before.Trim(" \t\r\n\"'(<"u8).IsEmpty)
        {
            return !HasBlank(text[host..]);
        }

        switch (before[^1])
        {
            case (byte)'=':
                return !before.ContainsAny((byte)' ', (byte)'\n') && !IsReturn(before[..^1], address);
            case (byte)';':
            case (byte)',' when before.LastIndexOf((byte)'=') > 0 && before.IndexOf("://"u8) > 0:
                // One more of a list.
                return before.LastIndexOf((byte)'=') is var sign && (sign < 0 || before.ContainsAny((byte)' ', (byte)'\n')
                    || !IsReturn(before[..sign], address));
            case (byte)'"' or (byte)'\'':
                return !IsReturnKey(before, address) && (text[0] is (byte)'{' or (byte)'[' || !before.ContainsAny((byte)' ', (byte)'\n')
                    || IsArgument(before[..^1]));
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                return IsArgument(before);
            case (byte)'(' or (byte)'<' or (byte)'[' or (byte)',' or (byte)'`' or (byte)'>' or (byte)':':
                return !before.ContainsAny((byte)' ', (byte)'\n') && !HasBlank(text[host..]);
            default:
                return true;
        }
    }

    private static bool IsReturn(ReadOnlySpan<byte> before, OwnAddress address)
    {
        before = before[Math.Max(0, before.Length - LongestName)..];
        var name = before[(before.LastIndexOfAny("?&;."u8) + 1)..];
        return Returns.Contains(name) || (Settings.Contains(name) && address.IsPlain());
    }

    // {"issuer": "http://...": the key before the value.
    private static bool IsReturnKey(ReadOnlySpan<byte> before, OwnAddress address)
    {
        before = before[..^1].TrimEnd(" :"u8);
        if (before is not [.., (byte)'"'])
        {
            return false;
        }

        var key = before[..^1];
        key = key[(key.LastIndexOf((byte)'"') + 1)..];
        return Returns.Contains(key) || (Settings.Contains(key) && address.IsPlain());
    }

    // "curl -s http://...": the name of a program, with options at the most between them.
    private static bool IsArgument(ReadOnlySpan<byte> before)
    {
        for (var words = 0; words < 4; words++)
        {
            before = before.TrimEnd(" \t\"'"u8);
            var start = before.LastIndexOfAny(WordBreaks) + 1;
            if (start == before.Length)
            {
                return false;
            }

            if (ShellWords.Read(before, start, out var end, out _) is ShellCommand.Program or ShellCommand.Interpreter && end == before.Length)
            {
                return true;
            }

            if (before[start] != '-')
            {
                return false;
            }

            before = before[..start];
        }

        return false;
    }

    private static bool HasBlank(ReadOnlySpan<byte> rest) =>
        rest[..Math.Min(Longest, rest.Length)].TrimEnd(" \t\r\n\"'"u8).ContainsAny((byte)' ', (byte)'\n');
}
