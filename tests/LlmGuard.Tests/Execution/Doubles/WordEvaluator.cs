namespace LlmGuard.Tests.Execution.Doubles;

/// <summary>Masks a word, in single texts and across joined ones. Judges every text by itself, and remembers which it was given.</summary>
internal sealed class WordEvaluator(string word) : ISegmentEvaluator
{
    private readonly Lock _gate = new();
    private readonly List<string> _judged = [];

    public IReadOnlyList<string> Judged
    {
        get
        {
            lock (_gate)
            {
                return [.. _judged];
            }
        }
    }

    public int Calls { get; private set; }

    public long JudgedBytes { get; private set; }

    /// <summary>What it says instead.</summary>
    public GuardrailVerdict? Says { get; init; }

    /// <summary>What it does first.</summary>
    public Func<CancellationToken, Task>? Wait { get; set; }

    public bool IsPurePerSegment(GuardrailStage stage) => true;

    public async ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Calls++;
            foreach (var segment in call.Content)
            {
                _judged.Add(segment.Text);
                JudgedBytes += segment.Utf8.Length;
            }
        }

        if (Wait is { } wait)
        {
            await wait(cancellationToken);
        }

        if (Says is { } says)
        {
            return says;
        }

        var edits = new List<SegmentEdit>();
        foreach (var segment in call.Content)
        {
            edits.AddRange(Places(segment.Utf8.Span).Select(at => Mask(segment, new TextSpan(at, word.Length))));
        }

        foreach (var joined in call.Content.JoinedTexts)
        {
            foreach (var span in Places(joined.Utf8.Span).Select(at => new TextSpan(at, word.Length)).Where(joined.CrossesParts))
            {
                edits.AddRange(joined.Map(span).Select(piece => Mask(piece.Segment, piece.Span)));
            }
        }

        return edits.Count == 0
            ? GuardrailVerdict.Allow
            : GuardrailVerdict.Modify(edits, [.. edits.Select(e => new GuardrailFinding(word, "word", e.Segment, e.Span))]);
    }

    private static SegmentEdit Mask(Segment segment, TextSpan span) => new(segment.Index, span, Replacement.Literal(new string('#', span.Length)));

    private List<int> Places(ReadOnlySpan<byte> text)
    {
        var (places, sought) = (new List<int>(), System.Text.Encoding.ASCII.GetBytes(word));
        for (var at = 0; text[at..].IndexOf(sought) is >= 0 and var next; at += next + sought.Length)
        {
            places.Add(at + next);
        }

        return places;
    }
}
