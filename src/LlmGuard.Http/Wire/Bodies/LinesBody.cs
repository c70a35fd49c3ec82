using System.Globalization;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>JSON lines of a request: one JSON text per line, one unreadable line refuses all.</summary>
internal sealed class LinesBody : ComposedBody
{
    private readonly ReadOnlyMemory<byte> _lines;
    private readonly List<(TextSpan Span, ReadBody Body)> _read;

    private LinesBody(ReadOnlyMemory<byte> lines, List<(TextSpan Span, ReadBody Body)> read) => (_lines, _read) = (lines, read);

    public static BodyReadResult Read(ReadOnlyMemory<byte> lines, BodyReading reading)
    {
        var read = new List<(TextSpan, ReadBody)>();
        var facts = default(BodyFacts);
        foreach (var span in JsonLines.Split(lines.Span))
        {
            // A line costs more than the text it holds, also one without any.
            if (read.Count == reading.Limits.MaxSegments)
            {
                return BodyReadResult.TooLarge;
            }

            var result = BatchLine.Read(lines.Slice(span.Start, span.Length), reading);
            if (result.Body is not { } body)
            {
                var line = lines.Span[..span.Start].Count((byte)'\n') + 1;
                return result with { Detail = string.Create(CultureInfo.InvariantCulture, $"line {line} of its JSON lines cannot be read") };
            }

            read.Add((span, body));
            facts = facts.With(body.Facts);
        }

        // Each line is a call of its own: what one of them asks of the answer is not what the upload asks.
        return BodyReadResult.Read(new LinesBody(lines, read) { Composed = facts with { Dialect = null, IsStreaming = false } });
    }

    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        var splices = new List<ByteSplice>();
        foreach (var (span, body) in _read)
        {
            var rewrite = body.Rewrite(edits, changes);
            if (rewrite.CannotApply)
            {
                return rewrite;
            }

            if (rewrite.Bytes is { } bytes)
            {
                splices.Add(new ByteSplice(span, bytes));
            }
        }

        return splices.Count == 0 ? BodyRewrite.Unchanged : BodyRewrite.To(ByteSplice.Apply(_lines.Span, splices));
    }
}
