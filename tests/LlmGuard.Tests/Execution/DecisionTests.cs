using LlmGuard.Execution;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

/// <summary>A decision that says nothing is kept in little; whatever is said comes out again.</summary>
public sealed class DecisionTests
{
    [Test]
    public void Properties_GivenFromOutside_AreAsTheyWereGiven()
    {
        var (scope, refusal) = (new GuardrailScope { Gateway = "G" }, new Refusal { StatusCode = 403, Code = "c", Message = "m" });
        TextEdit[] edits = [new(0, new TextSpan(0, 1), "*"u8.ToArray())];
        RequestChange[] changes = [new RequestChange.Model("m")];
        KeyValuePair<string, string>[] headers = [new("a", "b")];
        KeyValuePair<UninspectedKind, int>[] uninspected = [new(UninspectedKind.Image, 2)];

        var decision = new GuardrailDecision
        {
            Id = "id",
            Revision = "revision",
            Scope = scope,
            Stage = GuardrailStage.PreResponse,
            Action = GuardrailAction.Block,
            Refusal = refusal,
            Content = GuardrailContent.Empty,
            Edits = edits,
            RequestChanges = changes,
            ResponseHeaders = headers,
            NotInspected = uninspected,
        };

        Assert.That((decision.Id, decision.Revision, decision.Stage, decision.Action), Is.EqualTo(
            ("id", "revision", GuardrailStage.PreResponse, GuardrailAction.Block)));
        Assert.That(decision.Scope, Is.SameAs(scope));
        Assert.That(decision.Refusal, Is.SameAs(refusal));
        Assert.That(decision.Edits, Is.EqualTo(edits));
        Assert.That(decision.RequestChanges, Is.EqualTo(changes));
        Assert.That(decision.ResponseHeaders, Is.EqualTo(headers));
        Assert.That(decision.NotInspected, Is.EqualTo(uninspected));
        Assert.That(decision.Results, Is.Empty);
    }

    [Test]
    public void Properties_NothingSaid_AreThePlansOrEmpty()
    {
        var plan = At(GuardrailStage.PreRequest, Entry("a", new ScriptedEvaluator(GuardrailVerdict.Allow)));

        var decision = Decisions.Bare(CallId.New(), plan, GuardrailStage.PreRequest, GuardrailContent.Empty, refusal: null);

        Assert.That((decision.Revision, decision.Scope), Is.EqualTo((plan.Revision, plan.Scope)));
        Assert.That(decision.Refusal, Is.Null);
        Assert.That(decision.Edits.Count + decision.RequestChanges.Count + decision.ResponseHeaders.Count + decision.NotInspected.Count, Is.Zero);
        Assert.That(decision.Results, Is.Empty, "nobody was asked");
    }
}
