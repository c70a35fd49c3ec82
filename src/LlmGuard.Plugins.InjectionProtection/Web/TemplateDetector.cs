using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>Looks for expressions of template languages that compute or call something; a placeholder with a mere name in it is none.</summary>
internal static class TemplateDetector
{
    private static readonly SearchValues<byte> Arithmetic = SearchValues.Create("*+/-%~"u8);

    private const int LongestExpression = 512;
    private const int Kinds = 5;
    private const int MostNested = 4;

    private static readonly SearchValues<byte> Opening = SearchValues.Create("{<[@"u8);
    private static readonly string[] Objects = ["self", "config", "request", "app.", "_self", "constructor", "dump(", "session", "settings", "object.", "#set", "url_for", "get_flashed", "_context", "range.", "joiner", "cycler", "lipsum", "namespace", "environment", "debug", "global", "include", "import ", "class", "_this", "system", "exec", "eval", "file", "read(", "print(", "println", "require", "param", "process", "with ", "#each", "#with", "lookup", "php", "runtime", "statics", "freemarker", "attr(", "_macro", "context", "user.", "smarty", "assign", "force_open", "tojson", "ex."];
    private static readonly byte[][] ObjectNames = [.. Objects.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        Span<int> closeOf = stackalloc int[Kinds];
        Span<int> judged = stackalloc int[Kinds];
        closeOf.Fill(-1);
        hits.Steps += text.Length;
        for (var at = 0; at < text.Length - 1; at++)
        {
            var next = text[at..].IndexOfAny(Opening);
            if (next < 0)
            {
                return;
            }

            at += next;
            if (Kind(text, at) is (var start, var open, var kind) && CloseAt(text, at + open, kind, closeOf, judged, hits) is var close && close >= 0)
            {
                // Expressions in each other share their first close: what stands deeper is read by those around it.
                if (++judged[kind] > MostNested)
                {
                    continue;
                }

                hits.Steps += close - at;
                var body = text[(at + open)..Math.Min(close, at + open + LongestExpression)];
                if (IsExpression(body, kind))
                {
                    hits.Add(WebRules.TemplateExpression, start, close);
                    at = close;
                }
            }
        }
    }

    private static (int Start, int Open, int Kind)? Kind(ReadOnlySpan<byte> text, int at)
    {
        var before = at > 0 ? text[at - 1] : 0;
        var next = at + 1 < text.Length ? text[at + 1] : 0;
        return text[at] switch
        {
            (byte)'{' when next is '{' => (at, 2, 0),
            (byte)'{' when next is '%' or '#' or '@' => (at, 2, 1),
            (byte)'{' when before is '$' or '#' or '*' or '~' or '@' or '%' => (at - 1, 1, 2),
            (byte)'{' when before is not ((byte)'{') && text[at..].StartsWith("{php"u8) => (at, 1, 2),
            (byte)'{' when at == 0 && AsciiByte.IsDigit(next) && !text.Contains((byte)' ') => (at, 1, 2),
            (byte)'<' when next is '%' or '#' => (at, 2, 3),
            (byte)'[' when next is '[' or '#' && at + 2 < text.Length && text[at + 2] is (byte)'$' or (byte)'*' => (at, 2, 4),
            (byte)'@' when next == '(' => (at, 2, 4),
            _ => null,
        };
    }

    // The first close behind an opening, looked for once for all openings that it closes; -1 when it is too far away.
    private static int CloseAt(ReadOnlySpan<byte> text, int from, int kind, Span<int> closeOf, Span<int> judged, HitList hits)
    {
        if (closeOf[kind] < from)
        {
            var sign = kind switch { 0 or 2 or 1 => (byte)'}', 3 => (byte)'>', _ => (byte)']' };
            var found = kind == 4 ? text[from..].IndexOfAny((byte)']', (byte)')') : text[from..].IndexOf(sign);
            (closeOf[kind], judged[kind]) = (found < 0 ? text.Length : from + found, 0);
            hits.Steps += closeOf[kind] - from;
        }

        return closeOf[kind] - from < LongestExpression && closeOf[kind] < text.Length ? closeOf[kind] : -1;
    }

    private static bool IsExpression(ReadOnlySpan<byte> body, int kind)
    {
        var trimmed = body.Trim(" =-$%#{}\n\t/@*"u8);
        if (trimmed.IsEmpty)
        {
            return false;
        }

        // Arithmetic of numbers, of numbers and texts.
        var sign = trimmed.IndexOfAny(Arithmetic);
        if (sign > 0 && sign < trimmed.Length - 1 && AsciiByte.IsDigit(trimmed.TrimEnd(" '\")}]>"u8) is { Length: > 0 } end ? end[^1] : 0) && trimmed[0] is var first && (AsciiByte.IsDigit(first) || first is (byte)'\'' or (byte)'"' or (byte)'('))
        {
            return true;
        }

        foreach (var name in ObjectNames)
        {
            if (trimmed.StartsWith(name) && (kind != 2 || trimmed.IndexOfAny("(["u8) > 0))
            {
                return true;
            }
        }

        var call = trimmed.IndexOf((byte)'(');
        return kind switch
        {
            0 => (call >= 0 && !trimmed.StartsWith("t("u8)) || trimmed[0] is (byte)'\'' or (byte)'"' or (byte)'[' or (byte)'(' || trimmed.IndexOf(".."u8) >= 0,
            1 => call >= 0 && trimmed.IndexOf((byte)')') > 0,
            2 => call > 0 && (trimmed.Contains((byte)'.') || trimmed.Contains((byte)'"') || trimmed.Contains((byte)'\'')) && trimmed[0] != '(',
            3 => call >= 0 || trimmed.Contains((byte)'`') || trimmed.IndexOf("\"freemarker"u8) >= 0,
            _ => call >= 0 || (AsciiByte.IsDigit(trimmed[0]) && trimmed.IndexOfAny("*+"u8) > 0),
        };
    }
}
