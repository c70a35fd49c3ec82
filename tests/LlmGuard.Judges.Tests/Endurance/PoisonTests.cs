using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Judges.Tests.Matrix;

namespace LlmGuard.Judges.Tests.Endurance;

/// <summary>Texts a judge stumbles over must not switch it off for everybody else.</summary>
public sealed class PoisonTests
{
    private const int Poisons = 50;

    public static IEnumerable<string> Judges => AllJudges.Descriptors.Select(j => j.Plugin);

    [Test]
    public async Task PoisonTexts_FollowedByAFlaggedOne_AreRefusedAndTheFlaggedOneIsBlocked(
        [ValueSource(nameof(Judges))] string plugin,
        [Values] Poison poison)
    {
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        await using var fake = judge.Fake();
        await fake.StartAsync();
        await using var application = new JudgedApplication(judge, fake.Address, onError: "allow");
        for (var i = 0; i < Poisons; i++)
        {
            fake.Faults.Then(poison == Poison.BadRequest ? Fault.Instead(400, judge.ErrorBody(400)) : Fault.Changed(static body => "<" + body));
            var refused = await application.JudgeAsync($"{judge.Clean} {i}");
            Assert.That(refused.Refusal?.Code, Is.EqualTo("guardrail_input_uninspectable"));
        }

        var decision = await application.JudgeAsync(judge.Flagged);

        Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Block));
        Assert.That(decision.Refusal!.Plugin, Is.EqualTo(plugin));
        Assert.That(decision.Refusal.IsPolicyBlock, Is.True);
        Assert.That(decision.Results.Single().Failure, Is.Null);
    }

    [TestCaseSource(nameof(Judges))]
    public async Task FlaggedText_EachModeAndStage_BlocksOrIsRecorded(string plugin)
    {
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        await using var fake = judge.Fake();
        await fake.StartAsync();
        await using var enforcing = new JudgedApplication(judge, fake.Address);
        await using var monitoring = new JudgedApplication(judge, fake.Address, mode: "monitor");

        var clean = await enforcing.JudgeAsync(judge.Clean);
        var blocked = await enforcing.JudgeAsync(judge.Flagged);
        var monitored = await monitoring.JudgeAsync(judge.Flagged);

        Assert.That(clean.Action, Is.EqualTo(GuardrailAction.Allow));
        Assert.That(blocked.Action, Is.EqualTo(GuardrailAction.Block));
        Assert.That(blocked.Refusal!.Message, Does.Not.Contain(judge.Flagged));
        Assert.That(monitored.Action, Is.EqualTo(GuardrailAction.Allow));
        Assert.That((await monitoring.MonitoredAsync()).Entries.Single().Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(fake.Violations, Is.Empty);
    }

    [TestCaseSource(nameof(Judges))]
    public async Task CallerCancels_WhileTheJudgeHangs_Propagates(string plugin)
    {
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        await using var fake = judge.Fake();
        await fake.StartAsync();
        fake.Faults.Always = Fault.Hang;
        await using var application = new JudgedApplication(judge, fake.Address, onError: "allow");
        using var cancellation = new CancellationTokenSource();
        var pending = application.JudgeAsync(judge.Clean, cancellationToken: cancellation.Token).AsTask();
        await fake.FirstRequest;

        await cancellation.CancelAsync();

        Assert.That(async () => await pending, Throws.InstanceOf<OperationCanceledException>());
    }

    public enum Poison
    {
        BadRequest,
        Garbage,
    }
}
