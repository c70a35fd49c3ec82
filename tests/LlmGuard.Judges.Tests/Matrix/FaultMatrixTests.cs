using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Judges.Tests.Matrix;

/// <summary>Every judge, everything that can go wrong, both failure policies, both modes.</summary>
public sealed class FaultMatrixTests
{
    private const string Secret = "MARKER-51cf";

    public static IEnumerable<TestCaseData> Cases() =>
        from judge in AllJudges.Descriptors
        from fault in FaultCase.All
        where fault.Fault is null || fault.Fault(judge) is not null
        select new TestCaseData(judge.Plugin, fault.Name).SetArgDisplayNames(judge.Plugin, fault.Name);

    [TestCaseSource(nameof(Cases))]
    public async Task Judge_Fault_GivesTheDocumentedOutcome(string plugin, string faultName)
    {
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        var fault = FaultCase.All.Single(f => f.Name == faultName);
        await using var fake = judge.Fake();
        await fake.StartAsync(fault.UsesTls);

        await Task.WhenAll(
            EnforceAsync(judge, fault, fake, "block"),
            EnforceAsync(judge, fault, fake, "allow"),
            MonitorAsync(judge, fault, fake, "block"),
            MonitorAsync(judge, fault, fake, "allow"));

        Assert.That(fake.Violations, Is.Empty);
    }

    private static async Task EnforceAsync(JudgeDescriptor judge, FaultCase fault, FakeCloud fake, string onError)
    {
        await using var application = await StartAsync(judge, fault, fake, onError, "enforce");

        var decision = await application.JudgeAsync($"{judge.Clean} {Secret}");

        var result = decision.Results.Single();
        Assert.That(result.Failure, Is.EqualTo(new GuardrailFailure(fault.Class, fault.Reason)), onError);
        if (fault.Class == FailureClass.Availability && onError == "allow")
        {
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Flag), "failed open is never an allow");
            Assert.That(decision.IsAllowed, Is.True);
            Assert.That(result.FailedOpen, Is.True);
        }
        else
        {
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Block));
            var isInput = fault.Class == FailureClass.Input;
            Assert.That(decision.Refusal!.StatusCode, Is.EqualTo(isInput ? 403 : 503));
            Assert.That(decision.Refusal.Code, Is.EqualTo(isInput ? "guardrail_input_uninspectable" : "guardrail_unavailable"));
            AssertNothingLeaks(judge, fake, decision.Refusal.Message);
        }

        AssertNothingLeaks(judge, fake, application.Written);
    }

    private static async Task MonitorAsync(JudgeDescriptor judge, FaultCase fault, FakeCloud fake, string onError)
    {
        await using var application = await StartAsync(judge, fault, fake, onError, "monitor");

        var decision = await application.JudgeAsync($"{judge.Clean} {Secret}");

        Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow));
        Assert.That(decision.Refusal, Is.Null);
        var record = await application.MonitoredAsync();
        Assert.That(record.Entries.Single().Failure, Is.EqualTo(new GuardrailFailure(fault.Class, fault.Reason)));
        AssertNothingLeaks(judge, fake, application.Written);
    }

    private static async Task<JudgedApplication> StartAsync(JudgeDescriptor judge, FaultCase fault, FakeCloud fake, string onError, string mode)
    {
        var application = new JudgedApplication(judge, fault.Address?.Invoke() ?? fake.Address, onError, mode, fault.Timeout);
        fake.Faults.Always = fault.OpensBreaker ? Fault.Instead(503, judge.ErrorBody(503)) : fault.Fault?.Invoke(judge);
        for (var i = 0; fault.OpensBreaker && i < 12; i++)
        {
            await application.JudgeAsync(judge.Clean);
            if (mode == "monitor")
            {
                await application.MonitoredAsync();
            }
        }

        return application;
    }

    private static void AssertNothingLeaks(JudgeDescriptor judge, FakeCloud fake, string written)
    {
        foreach (var secret in judge.Secrets.Append(Secret).Append(FaultCase.VendorWords).Append("Welcome").Append("judge.invalid")
            .Append($":{fake.Address.Port}"))
        {
            Assert.That(written, Does.Not.Contain(secret));
        }
    }
}
