using LlmGuard.Tests.Bounds;

namespace LlmGuard.Plugins.DataMasking.Tests;

public sealed class BoundTests
{
    [Test]
    public void Evaluate_WhatCannotBeInspected_FailsWithTheReasonOfAllPlugins() =>
        BoundReasons.Check(Masking.Evaluator("""{"apply_all": true}"""));
}
