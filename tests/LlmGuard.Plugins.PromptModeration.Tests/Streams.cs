using System.Text;

namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>Hands a text to a span evaluator in pieces, as the engine does.</summary>
internal static class Streams
{
    public const string Failed = "(failed)";

    public static byte[] Rendered(Replacement replacement) => Encoding.UTF8.GetBytes(replacement.Value);

    /// <returns>What was released with its edits, up to the first span that must not pass; what was found; most bytes that were held.</returns>
    public static (string Text, List<(int Start, int Length, string Rule)> Found, int Held) Run(
        ISpanEvaluator evaluator,
        string text,
        int[] cuts,
        SegmentRole role)
    {
        var (utf8, output, edits, found) = (Encoding.UTF8.GetBytes(text), new List<byte>(), new List<SpanEdit>(), new List<(int, int, string)>());
        var scanner = evaluator.CreateScanner(role, SegmentKind.Message)!;
        var (released, seen, held) = (0, 0, 0);
        foreach (var end in cuts.Where(c => c < utf8.Length && (utf8[c] & 0xC0) != 0x80).Append(utf8.Length))
        {
            edits.Clear();
            var from = Math.Max(0, released - SpanReach.MaxLeft);
            while (from < released && (utf8[from] & 0xC0) == 0x80)
            {
                from++;
            }

            var pending = utf8.AsSpan(from..end);
            var (context, isEnd) = (released - from, end == utf8.Length);
            var count = scanner.Advance(pending, context, end - seen, isEnd, edits);
            seen = end;
            Assert.That(count, Is.InRange(context, pending.Length));
            Assert.That(count == pending.Length || (!isEnd && (pending[count] & 0xC0) != 0x80));
            Assert.That(pending.Length - count, Is.LessThanOrEqualTo(isEnd ? 0 : evaluator.Reach.HoldBack));
            held = Math.Max(held, pending.Length - count);
            var at = context;
            foreach (var edit in edits)
            {
                Assert.That(edit.Span.Start >= at && edit.Span.Length > 0 && edit.Span.End <= count, "ascending, and within what is released");
                found.Add((from + edit.Span.Start, edit.Span.Length, edit.Rule));
                if (edit.IsFinding)
                {
                    continue;
                }

                output.AddRange(pending[at..edit.Span.Start]);
                if (edit.Replacement is null)
                {
                    return (edit.Rule == "bounds" ? Failed + edit.Type : Encoding.UTF8.GetString([.. output]), found, held);
                }

                output.AddRange(Rendered(edit.Replacement));
                at = edit.Span.End;
            }

            output.AddRange(pending[at..count]);
            released = from + count;
        }

        return (Encoding.UTF8.GetString([.. output]), found, held);
    }
}
