using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>All conditions of an entry, and the verdict they make of an answer. Immutable.</summary>
/// <param name="conditions">The conditions in their order.</param>
/// <param name="message">The refusal's text where a condition has none of its own.</param>
internal sealed class ConditionSet(IReadOnlyList<Condition> conditions, MessageTemplate message)
{
    private const string FindingType = "external";

    // With a condition that clears, an answer that none recognises is no clearance: that is how a word nobody knows yet is noticed.
    private readonly bool _needsOne = conditions.Any(static c => c.Action == ConditionAction.Allow);

    public bool IsEmpty => conditions.Count == 0;

    /// <summary>Whether one blocks and says nothing of its own.</summary>
    public bool HasSilentBlock { get; } = conditions.Any(static c => c is { Action: ConditionAction.Block, Message.Text: null });

    public bool HasMask { get; } = conditions.Any(static c => c.Action == ConditionAction.Mask);

    public static ConditionSet Read(GuardrailSettings settings, MessageTemplate message) => new(ConditionReader.ReadAll(settings), message);

    /// <summary>The verdict: the first condition that blocks; else what is missing fails; else masks, flags or nothing.</summary>
    /// <exception cref="UnusableAnswerException">The answer does not say enough.</exception>
    public GuardrailVerdict Judge(JudgeAnswer answer, Question question, MaskReading? masks)
    {
        var findings = new List<GuardrailFinding>();
        var isWhole = true;
        var held = 0;
        var asksForMask = false;
        Condition? block = null;
        foreach (var condition in conditions)
        {
            var holds = condition.Holds(answer);
            isWhole &= holds is not null;
            if (holds != true)
            {
                continue;
            }

            held++;
            asksForMask |= condition.Action == ConditionAction.Mask;
            block ??= condition.Action == ConditionAction.Block ? condition : null;
            if (condition.Action != ConditionAction.Allow)
            {
                findings.Add(new GuardrailFinding(condition.Name, FindingType, question.Texts.Count == 1 ? question.Texts[0].First.Index : -1));
            }
        }

        return block is not null ? Block(block, findings)
            : !isWhole || (_needsOne && held == 0) ? throw new UnusableAnswerException()
            : masks is null || (HasMask && !asksForMask) ? (findings.Count > 0 ? GuardrailVerdict.Flag(findings) : GuardrailVerdict.Allow)
            : masks.Read(answer.Root, question, findings, mustMask: asksForMask);
    }

    private GuardrailVerdict Block(Condition block, List<GuardrailFinding> findings) =>
        GuardrailVerdict.Block(
            (block.Message.Text is null ? message : block.Message).Refuse(block.Name) with { StatusCode = block.StatusCode },
            findings);
}
