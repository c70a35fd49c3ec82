using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Templates;

/// <summary>Finds the delimiters of template languages and asks what the expressions between them do.</summary>
internal static class TemplateDetector
{
    private const int LongestExpression = 512;
    private const int Kinds = 5;
    private const int MostNested = 4;

    private static readonly SearchValues<byte> Opening = SearchValues.Create("{<[@"u8);
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

                hits.Steps += 2 * (close - at);
                var body = text[(at + open)..Math.Min(close, at + open + LongestExpression)];
                if (IsExpression(body, kind))
                {
                    hits.Add(InjectionRules.TemplateExpression, start, close);
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

        // Tags that show everything, or load a module of the language by its name.
        var isTag = kind == 1 && (trimmed.SequenceEqual("debug"u8) || (trimmed.StartsWith("import "u8)
            && !trimmed.ContainsAny((byte)'"', (byte)'\'')));
        isTag |= kind == 0 && (trimmed.StartsWith("with \""u8) || trimmed.StartsWith("with '"u8) || trimmed.IndexOf(".apply "u8) > 0);
        return isTag || trimmed.StartsWith("php}"u8) || new TemplateExpression(trimmed).IsActive(isScript: kind == 3);
    }
}
