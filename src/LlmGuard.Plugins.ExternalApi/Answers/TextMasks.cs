using System.Text;
using System.Text.Json;
using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>Collects the masks of one answer, in either protocol.</summary>
internal sealed class TextMasks(Question question)
{
    private readonly PassageMasks _masks = new(question.Call);
    private bool _isAny;
    private bool _isLost;

    /// <summary>Masks a span of a text.</summary>
    public void Add(Passage text, TextSpan span, Replacement replacement)
    {
        _isAny = true;
        _masks.Add(text, span, replacement);
    }

    /// <summary>Puts a text in the place of another; nothing when they are the same.</summary>
    /// <exception cref="UnusableAnswerException">It is not well-formed text.</exception>
    public void Replace(Passage text, JsonElement replaced)
    {
        if (TextDifference.Between(text.Utf8.Span, Encoding.UTF8.GetBytes(replaced.Text())) is not { } difference)
        {
            return;
        }

        _isAny = true;

        // Which part of the new text belongs to which of several pieces, nobody can say.
        if (text.Map(difference.Span).Take(2).Count() == 1)
        {
            _masks.Add(text, difference.Span, question.Replacements.Literal(difference.Text));
        }
        else
        {
            _isLost = true;
        }
    }

    /// <summary>The verdict.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="mustMask">Whether an answer without any mask contradicts itself.</param>
    /// <exception cref="UnusableAnswerException">There is no mask although there must be.</exception>
    public GuardrailVerdict Conclude(IReadOnlyList<GuardrailFinding> findings, bool mustMask) =>
        _isLost ? GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable)
        : mustMask && !_isAny ? throw new UnusableAnswerException()
        : _masks.Conclude(findings);
}
