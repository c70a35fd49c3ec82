using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>What one request asks about: some texts of a call. Used by one thread at a time.</summary>
/// <param name="call">The call.</param>
/// <param name="texts">The texts.</param>
/// <param name="replacements">The replacements of the evaluation.</param>
internal sealed class Question(GuardrailCall call, IReadOnlyList<Passage> texts, ReplacementPool replacements)
{
    private int[]? _starts;

    public GuardrailCall Call => call;

    public IReadOnlyList<Passage> Texts => texts;

    public ReplacementPool Replacements => replacements;

    /// <summary>All texts as one, with line breaks between them.</summary>
    public ReadOnlyMemory<byte> Input => field.IsEmpty ? field = Join() : field;

    /// <summary>Whether a text may be edited, as far as stage and segments say.</summary>
    public bool IsEditable(Passage text) =>
        call.Stage != GuardrailStage.PostRequest && text.Parts.All(static p => p.Segment.Editability.Scope != EditScope.None);

    /// <summary>Where a span of <see cref="Input"/> lies in the texts; line breaks between texts lie nowhere.</summary>
    public IEnumerable<(Passage Text, TextSpan Span)> Map(TextSpan span)
    {
        _ = Input;
        for (var i = 0; i < texts.Count; i++)
        {
            var start = Math.Max(span.Start, _starts![i]);
            var end = Math.Min(span.End, _starts[i] + texts[i].Utf8.Length);
            if (end > start)
            {
                yield return (texts[i], new TextSpan(start - _starts[i], end - start));
            }
        }
    }

    private ReadOnlyMemory<byte> Join()
    {
        _starts = new int[texts.Count];
        if (texts.Count == 1)
        {
            return texts[0].Utf8;
        }

        var joined = new byte[Math.Max(0, texts.Sum(static t => t.Utf8.Length) + texts.Count - 1)];
        var offset = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
            {
                joined[offset++] = (byte)'\n';
            }

            _starts[i] = offset;
            texts[i].Utf8.CopyTo(joined.AsMemory(offset));
            offset += texts[i].Utf8.Length;
        }

        return joined;
    }
}
