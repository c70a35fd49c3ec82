using System.Text;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Remote.Judging;

/// <summary>
/// Collects texts that a judge hands back rewritten, and turns them into edits after which the content reads exactly as the judge wants; or into
/// a failure, when it cannot be made to.
/// </summary>
/// <param name="call">The call.</param>
internal sealed class TextRewrites(GuardrailCall call)
{
    private readonly Dictionary<int, string> _texts = [];
    private readonly List<(Passage Passage, string Text)> _joined = [];
    private bool _isImpossible;

    /// <summary>Whether a text reads differently than it was sent.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>Takes what became of a passage; also of one that stayed the same.</summary>
    public void Add(Passage passage, string rewritten)
    {
        var isChanged = !rewritten.AsSpan().SequenceEqual(Encoding.UTF8.GetString(passage.Utf8.Span));
        HasChanges |= isChanged;
        if (IsWholeSegment(passage))
        {
            _isImpossible |= !_texts.TryAdd(passage.First.Index, rewritten) && _texts[passage.First.Index] != rewritten;
        }
        else if (IsJoined(passage))
        {
            _joined.Add((passage, rewritten));
        }
        else
        {
            // A window of a longer text: what the overlap of two windows becomes would have two authors.
            _isImpossible |= isChanged;
        }
    }

    /// <summary>The verdict: the edits, or a failure when they would not give what the judge wants.</summary>
    /// <param name="findings">What was found.</param>
    public GuardrailVerdict Conclude(IReadOnlyList<GuardrailFinding> findings)
    {
        var edits = new List<SegmentEdit>();
        foreach (var segment in call.Content)
        {
            if (_texts.TryGetValue(segment.Index, out var text) && Difference(segment.Utf8.Span, Encoding.UTF8.GetBytes(text)) is { } difference)
            {
                _isImpossible |= !TryEdit(segment, text, difference, edits);
            }
        }

        foreach (var (passage, text) in _joined)
        {
            // The parts say it all, or the text across them cannot be changed.
            _isImpossible |= text != string.Concat(passage.Parts.Select(p => _texts.GetValueOrDefault(p.Segment.Index, p.Segment.Text)));
        }

        return _isImpossible ? GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable)
            : edits.Count > 0 ? GuardrailVerdict.Modify(edits, findings)
            : findings.Count > 0 ? GuardrailVerdict.Flag(findings)
            : GuardrailVerdict.Allow;
    }

    /// <summary>
    /// The one span outside of which two texts are the same, at least one code point long, and what it becomes; null when they are equal.
    /// </summary>
    /// <param name="original">The text; valid UTF-8, not empty.</param>
    /// <param name="rewritten">What it becomes; valid UTF-8.</param>
    internal static (TextSpan Span, string Text)? Difference(ReadOnlySpan<byte> original, ReadOnlySpan<byte> rewritten)
    {
        if (original.SequenceEqual(rewritten))
        {
            return null;
        }

        var start = original.CommonPrefixLength(rewritten);
        while (IsInside(original, start) || IsInside(rewritten, start))
        {
            start--;
        }

        var tail = 0;
        var most = Math.Min(original.Length, rewritten.Length) - start;
        while (tail < most && original[^(tail + 1)] == rewritten[^(tail + 1)])
        {
            tail++;
        }

        while (IsInside(original, original.Length - tail))
        {
            tail--;
        }

        if (start + tail == original.Length)
        {
            // Something was put in: the code point beside it is replaced by itself and what is new.
            if (tail > 0)
            {
                do
                {
                    tail--;
                }
                while (IsInside(original, original.Length - tail));
            }
            else
            {
                do
                {
                    start--;
                }
                while (IsInside(original, start));
            }
        }

        return (new TextSpan(start, original.Length - tail - start), Encoding.UTF8.GetString(rewritten[start..(rewritten.Length - tail)]));
    }

    private static bool IsInside(ReadOnlySpan<byte> text, int offset) => offset > 0 && offset < text.Length && (text[offset] & 0xC0) == 0x80;

    private static bool IsWholeSegment(Passage passage) =>
        passage.Parts is [{ SegmentStart: 0 } part] && part.Length == part.Segment.Utf8.Length;

    private static bool IsJoined(Passage passage) =>
        passage.Parts.Count > 1 && passage.Parts.All(p => p.SegmentStart == 0 && p.Length == p.Segment.Utf8.Length)
        && passage.Parts.Sum(p => p.Length) == passage.Utf8.Length;

    private bool TryEdit(Segment segment, string text, (TextSpan Span, string Text) difference, List<SegmentEdit> edits)
    {
        switch (call.Stage == GuardrailStage.PostRequest ? EditScope.None : segment.Editability.Scope)
        {
            case EditScope.Span:
                edits.Add(new SegmentEdit(segment.Index, difference.Span, Replacement.Literal(difference.Text)));
                return true;
            case EditScope.WholeValue:
                edits.Add(new SegmentEdit(segment.Index, new TextSpan(0, segment.Utf8.Length), Replacement.Literal(text)));
                return true;
            default:
                return false;
        }
    }
}
