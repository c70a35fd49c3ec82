using LlmGuard.Tests.Bounds;

namespace LlmGuard.Plugins.PromptModeration.Tests;

public sealed class BoundTests
{
    [Test]
    public void Evaluate_WhatCannotBeInspected_FailsWithTheReasonOfAllPlugins() =>
        BoundReasons.Check(Moderation.Evaluator("""{"keywords": ["bomb"]}"""));
}
