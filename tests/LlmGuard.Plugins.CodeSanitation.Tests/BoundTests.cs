using LlmGuard.Tests.Bounds;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

public sealed class BoundTests
{
    [Test]
    public void Evaluate_WhatCannotBeInspected_FailsWithTheReasonOfAllPlugins() => BoundReasons.Check(Code.Evaluator("{}"));
}
