using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Reads texts that stand within a command line and that a program is given to read: <c>cat >notes.txt &lt;&lt;'EOF'</c>, the lines, and
/// <c>EOF</c>. Nothing of them is run, unless it is a shell that reads them, what reads them hands them on, they go to a file and more follows, or
/// commands stand in them that a shell carries out first since the mark has no quotes.
/// </summary>
internal static class HereDocument
{
    private const int LongestLine = 256;
    private const int LongestMark = 32;

    // What writes, filters or sends what it reads, and programs of other languages than the shell's.
    private static readonly WordTable<bool> Readers = new(
        ("""
         cat tee sed awk grep egrep wc sort uniq head tail tr cut jq base64 md5sum sha256sum git gh curl psql mysql sqlite3 python python3 node ruby
         """, true));

    /// <summary>The offset behind the last line of the text that begins at <c>&lt;&lt;</c>, or 0 if it may be run or does not end.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where <c>&lt;&lt;</c> stands.</param>
    public static int End(ReadOnlySpan<byte> text, int at)
    {
        var line = text[Math.Max(0, at - LongestLine)..at];
        line = line[(line.LastIndexOfAny(";|&\n("u8) + 1)..].TrimStart((byte)' ');
        var name = line.IndexOf((byte)' ');
        if (name < 1 || !Readers.Contains(line[..name]))
        {
            return 0;
        }

        var first = text[(at + 2)..].TrimStart((byte)'-');
        var isQuoted = first is [(byte)'\'' or (byte)'"', ..];
        var head = first.TrimStart("'\""u8);
        var mark = head[..Math.Min(head.Length, LongestMark)].IndexOfAnyExceptInRange((byte)'_', (byte)'z');
        var rest = mark < 1 ? [] : head[mark..];
        var end = rest[..Math.Min(rest.Length, LongestLine)].IndexOf((byte)'\n');
        if (mark < 1 || end < 0 || rest[..end].ContainsAny((byte)'|', (byte)'`') || rest[..end].IndexOf("$("u8) >= 0)
        {
            return 0;
        }

        var marker = head[..mark];
        var isKept = line.Contains((byte)'>') || rest[..end].Contains((byte)'>');
        for (var body = rest[end..]; body.IndexOf((byte)'\n') is >= 0 and var next; body = body[(next + 1)..])
        {
            var last = body[(next + 1)..].TrimStart((byte)'\t');
            if (last.StartsWith(marker) && (last.Length == marker.Length || last[marker.Length] is (byte)'\n' or (byte)'\r' or (byte)')'))
            {
                var carried = rest[end..^last.Length];
                return (isKept && !last[marker.Length..].Trim(") \r\n\t"u8).IsEmpty) || (!isQuoted && IsExpanded(carried))
                    ? 0 : text.Length - last.Length + marker.Length;
            }
        }

        return 0;
    }

    private static bool IsExpanded(ReadOnlySpan<byte> lines) => lines.Contains((byte)'`') || lines.IndexOf("$("u8) >= 0;
}
