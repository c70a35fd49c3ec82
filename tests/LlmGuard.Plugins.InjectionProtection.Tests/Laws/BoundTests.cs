using LlmGuard.Tests.Bounds;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Laws;

public sealed class BoundTests
{
    [TestCase(Injection.Web)]
    [TestCase(Injection.Prompts)]
    [TestCase(Injection.Indirect)]
    public void Evaluate_WhatCannotBeInspected_FailsWithTheReasonOfAllPlugins(string settings) => 
        BoundReasons.Check(Injection.Evaluator(settings), "letters far apart");
}
