using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Tells whether a text can hold anything that a rule finds, so that prose costs one look.</summary>
internal static class CodeTriggers
{
    // Whatever makes a rule grave: where it comes from, and structures that are grave of themselves.
    private static readonly string[] Structural =
    [
        "curl", "wget", "/dev/tcp", "/dev/udp", "base64", "rm -", "rm\t-", "rm  -", "mkfs", "mke2fs", "wipefs", "of=/dev", "/bin/sh", "/bin/bash", "bash -", "sh -", "nc -", "nc  -", "ncat",
        "netcat", "socat", "mkfifo", "mknod", "iex ", "iex(", "|iex", "iex\t", "Invoke-Expression", "-enc", "-ec ", " -e ", "/etc/shadow", ".ssh/id_", ".aws/credentials", "/etc/gshadow", ".kube/config", "() {", "(){",
        "<!--#exec", "> /dev/", ">/dev/", "/dev/sd", "/dev/nvme", "Remove-Item", "del /", "rd /", "rmdir /", "erase /", "shred", "format", "-bits", "certutil", "bitsadmin", "xxd", "openssl", "aria2c", "lwp-download", "iwr ", "irm ", "fetch",
        "xp_cmdshell", "sp_oacreate", "xp_regwrite", "sys_exec", "sys_eval", "sp_execute_external_script", "program", "shutdown", "; drop", ";drop", "; delete", ";delete", "; exec", ";exec", "; insert", ";insert", "; update", ";update", "; truncate", ";truncate", "; alter", ";alter", "; create", ";create",
        "document.cookie", "localStorage", "eval(", "sendBeacon", "getattr", "dup2", "pty.", "uudecode", "telnet", "diskpart", "Format-Volume", "Clear-Disk", "mkswap", "base32", "gunzip", "chroot", "wipefs", "exec:",
    ];

    private static readonly string[] Markup =
    [
        "select", "insert", "update", "delete", "union", "drop", "truncate", "alter", "create", "merge", "outfile", "dumpfile", "load_file", "pg_read_file", "openrowset", "delay", "pg_sleep", "benchmark",
        "<script", "</script", "<iframe", "<object", "<embed", "<applet", "javascript:", "vbscript:", "data:text", "unsafe", "/etc/passwd", "authorized_keys", "/etc/cron", ".bashrc", "python", "perl", "ruby", "node", "bash", "rm ", "del ",
    ];

    private static readonly Lazy<KeywordTrie> Grave = new(() => Build(NameFacts.Sources.Concat(NameFacts.Decoders).Concat(NameFacts.Fetchers).Concat(Structural)));

    private static readonly Lazy<KeywordTrie> All = new(() => Build(
        NameFacts.Sources.Concat(NameFacts.Decoders).Concat(NameFacts.Fetchers).Concat(Structural).Concat(Markup).Concat(CodeCatalog.Sinks.SelectMany(s => s.NameList))));

    /// <summary>Whether anything stands in a text that a rule could begin with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allLevels">Whether rules below the gravest are asked for.</param>
    /// <param name="starts">Scratch.</param>
    /// <param name="steps">Increased by the comparisons.</param>
    public static bool Any(ReadOnlySpan<byte> text, bool allLevels, List<int> starts, ref long steps)
    {
        // Event handlers and back quotes begin with nothing in particular.
        if (allLevels && text.IndexOfAny("<`|"u8) >= 0)
        {
            return true;
        }

        var trie = allLevels ? All.Value : Grave.Value;
        starts.Clear();
        steps += text.Length;
        trie.FindStarts(text, starts, ref steps);
        foreach (var start in starts)
        {
            if (trie.LongestAt(text, start, out _, ref steps, out _) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static KeywordTrie Build(IEnumerable<string> words) => new(
        words.Where(w => w.Length >= 3).Distinct(StringComparer.OrdinalIgnoreCase).Select(w => (Encoding.ASCII.GetBytes(w.ToLowerInvariant()), 0)),
        [.. Enumerable.Range(0, 256).Select(b => b is >= 'A' and <= 'Z' ? (byte)(b | 0x20) : (byte)b)]);
}
