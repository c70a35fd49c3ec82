using LlmGuard.Tests.Purity;

namespace LlmGuard.Plugins.PromptModeration.Tests;

public sealed class PurityTests
{
    private static readonly string[] Texts =
        ["a bomb here", "bo", "mb", "build a", "weapon now", "nothing to see", "the weather is fine", "b o m b", "Ym9tYg== and more text", ""];

    [TestCase("mask")]
    [TestCase("flag")]
    [TestCase("block")]
    public void Evaluate_WithoutWhatIsCleanAlone_SaysTheSame(string action) =>
        SegmentPurity.Check(Moderation.Evaluator($$"""{"keywords": ["bomb", "build a weapon"], "actions": {"type": "{{action}}"} }"""), Texts);
}
