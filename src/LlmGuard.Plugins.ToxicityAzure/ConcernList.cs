using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityAzure;

/// <summary>What one answer has against a content, and the verdict that follows.</summary>
internal sealed class ConcernList(ContentSafetySettings settings)
{
    private readonly List<Concern> _concerns = [];
    private readonly List<GuardrailFinding> _findings = [];

    public int Count => _concerns.Count;

    /// <summary>Adds a concern about a passage. Where it is made of several texts, nobody knows which of them is meant.</summary>
    public void Add(Concern concern, FindingSeverity gravity, Passage passage, string? rule = null)
    {
        var (segment, span) = passage.Parts is [var only] ? (only.Segment.Index, new TextSpan(only.SegmentStart, only.Length)) : (-1, default);
        Add(concern, gravity, segment, span, rule);
    }

    /// <summary>Adds a concern about a segment.</summary>
    public void Add(Concern concern, FindingSeverity gravity, int segment, TextSpan span = default, string? rule = null)
    {
        _concerns.Add(concern);
        _findings.Add(new GuardrailFinding(rule ?? concern.Code, concern.Type, segment, span, 1, gravity));
    }

    /// <summary>The verdict. What blocks counts even where something else of the answer is missing.</summary>
    /// <param name="isComplete">Whether the answer covers all that was asked.</param>
    /// <exception cref="UnusableAnswerException">Nothing blocks, and the answer is not complete.</exception>
    public GuardrailVerdict Conclude(bool isComplete)
    {
        if (_concerns.Count > 0 && settings.Blocks)
        {
            return GuardrailVerdict.Block(
                settings.Message.Refuse(_concerns[0].Code, string.Join(", ", _concerns.Select(c => c.Words).Distinct())),
                _findings);
        }

        return !isComplete ? throw new UnusableAnswerException()
            : _findings.Count > 0 ? GuardrailVerdict.Flag(_findings)
            : GuardrailVerdict.Allow;
    }
}
