using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Tests.Execution;

public sealed class FailureTableTests
{
    private static IEnumerable<TestCaseData> Rows()
    {
        foreach (var onError in Enum.GetValues<FailurePolicy>())
        {
            yield return Row(FailureClass.Input, GuardrailStage.PreRequest, onError, FailureConsequence.Refuse, 403, RefusalCodes.InputUninspectable);
            yield return Row(FailureClass.Input, GuardrailStage.PostRequest, onError, FailureConsequence.Refuse, 403,
                RefusalCodes.InputUninspectable);
            yield return Row(FailureClass.Input, GuardrailStage.PreResponse, onError, FailureConsequence.Refuse, 502,
                RefusalCodes.OutputUninspectable);
            yield return Row(FailureClass.Output, GuardrailStage.PreResponse, onError, FailureConsequence.Refuse, 502,
                RefusalCodes.OutputUninspectable);
            yield return Row(FailureClass.Input, GuardrailStage.PostResponse, onError, FailureConsequence.Record, 0, "");
        }

        yield return Row(FailureClass.Availability, GuardrailStage.PreRequest, FailurePolicy.Block, FailureConsequence.Refuse, 503,
            RefusalCodes.Unavailable);
        yield return Row(FailureClass.Availability, GuardrailStage.PreResponse, FailurePolicy.Block, FailureConsequence.Refuse, 503,
            RefusalCodes.Unavailable);
        yield return Row(FailureClass.Availability, GuardrailStage.PreRequest, FailurePolicy.Allow, FailureConsequence.FailOpen, 0, "");
        static TestCaseData Row(FailureClass c, GuardrailStage s, FailurePolicy p, object consequence, int status, string code) =>
            new(c, s, p, consequence, status, code);
    }

    [TestCaseSource(nameof(Rows))]
    public void Rule_Enforce_FollowsTheTable(FailureClass failureClass, GuardrailStage stage, FailurePolicy onError, object consequence, int status,
        string code)
    {
        var ruling = FailureTable.Rule(new GuardrailFailure(failureClass, "r"), stage, EntryMode.Enforce, onError);

        Assert.That((ruling.Consequence, ruling.StatusCode, ruling.Code), Is.EqualTo(((FailureConsequence)consequence, status, code)));
    }

    [Test]
    public void Rule_Monitor_IsAlwaysRecorded([Values] FailureClass failureClass, [Values] GuardrailStage stage, [Values] FailurePolicy onError) =>
        Assert.That(
            FailureTable.Rule(new GuardrailFailure(failureClass, "r"), stage, EntryMode.Monitor, onError).Consequence,
            Is.EqualTo(FailureConsequence.Record));
}
