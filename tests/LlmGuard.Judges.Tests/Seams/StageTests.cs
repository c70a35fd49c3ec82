using System.Net;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Judges.Tests.Matrix;

namespace LlmGuard.Judges.Tests.Seams;

/// <summary>Judges at every stage of a real client's calls.</summary>
public sealed class StageTests
{
    private const string Answer = "Paris is the capital";

    public static IEnumerable<string> Judges => AllJudges.Descriptors.Select(j => j.Plugin);

    public static IEnumerable<string> AnswerJudges => AllJudges.Descriptors.Where(j => j.JudgesAnswers).Select(j => j.Plugin);

    [TestCaseSource(nameof(Judges))]
    public async Task PreRequest_FlaggedPrompt_NeverReachesTheModel(string plugin)
    {
        await using var seam = await Seam.StartAsync(plugin, """ "stage": "pre_request" """, Answer);

        var (status, body) = await seam.Model.ChatAsync(seam.Judge.Flagged);
        var (clean, answer) = await seam.Model.ChatAsync(seam.Judge.Clean);

        Assert.That((int)status, Is.InRange(400, 499));
        Assert.That(body, Does.Contain(plugin).And.Not.Contain(seam.Judge.Flagged));
        Assert.That(clean, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer, Does.Contain(Answer));
        Assert.That(seam.Model.Model.Calls, Is.EqualTo(1));
        Assert.That(seam.Fake.Violations, Is.Empty);
    }

    [TestCaseSource(nameof(Judges))]
    public async Task PostRequest_FlaggedPrompt_IsAskedBesideTheModelAndCancelsIt(string plugin)
    {
        await using var seam = await Seam.StartAsync(plugin, """ "stage": "post_request" """, Answer);

        // The judge answers once the model has been asked: before that there is nothing to cancel.
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        seam.Fake.Gate = asked.Task;
        seam.Model.Model.Thinks = async token =>
        {
            asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
            finally
            {
                cancelled.TrySetResult();
            }
        };

        var (status, _) = await seam.Model.ChatAsync(seam.Judge.Flagged);

        Assert.That((int)status, Is.InRange(400, 499));
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [TestCaseSource(nameof(Judges))]
    public async Task PostRequest_SlowJudge_HoldsTheAnswerUntilItsVerdict(string plugin)
    {
        await using var seam = await Seam.StartAsync(plugin, """ "stage": "post_request" """, Answer);

        // The judge answers some time after the model was asked, which has answered by then.
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        seam.Fake.Gate = asked.Task;
        seam.Fake.Latency = TimeSpan.FromMilliseconds(200);
        seam.Model.Model.Thinks = _ =>
        {
            asked.TrySetResult();
            return Task.CompletedTask;
        };

        var (status, body) = await seam.Model.ChatAsync(seam.Judge.Flagged);

        Assert.That((int)status, Is.InRange(400, 499));
        Assert.That(body, Does.Not.Contain("Paris"));
        Assert.That(seam.Model.Model.Calls, Is.EqualTo(1), "the model was asked at once");
    }

    [TestCaseSource(nameof(Judges))]
    public async Task Parallel_FlaggedPrompt_Blocks(string plugin)
    {
        await using var seam = await Seam.StartAsync(plugin, """ "stage": "pre_request", "parallel": true """, Answer);

        var (status, _) = await seam.Model.ChatAsync(seam.Judge.Flagged);

        Assert.That((int)status, Is.InRange(400, 499));
        Assert.That(seam.Model.Model.Calls, Is.Zero);
    }

    [TestCaseSource(nameof(AnswerJudges))]
    public async Task PreResponse_FlaggedAnswer_DoesNotLeave(string plugin)
    {
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        await using var seam = await Seam.StartAsync(plugin, """ "stage": "pre_response" """, judge.Flagged);

        var (status, body) = await seam.Model.ChatAsync(judge.Clean);

        Assert.That((int)status, Is.InRange(400, 499));
        Assert.That(body, Does.Not.Contain(judge.Flagged));
    }

    [Test]
    public async Task PreResponse_FlaggedStream_DoesNotLeave(
        [ValueSource(nameof(AnswerJudges))] string plugin,
        [Values("head", "buffer")] string mode)
    {
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        await using var seam =
            await Seam.StartAsync(plugin, $$""" "stage": "pre_response", "streaming": { "mode": "{{mode}}" } """, "fine " + judge.Flagged);

        var (_, body) = await seam.Model.ChatAsync(judge.Clean, stream: true);

        Assert.That(body, Does.Not.Contain(judge.Flagged.Split(' ')[^1]));
        Assert.That(seam.Fake.RequestCount, Is.GreaterThan(0));
    }

    [TestCaseSource(nameof(Judges))]
    public async Task Roles_OthersThanThePrompts_AreNotSent(string plugin)
    {
        await using var seam = await Seam.StartAsync(plugin, """ "stage": "pre_request", "roles": ["system"] """, Answer);

        var (status, _) = await seam.Model.ChatAsync(seam.Judge.Flagged);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(seam.Fake.Requests.Select(r => r.Text), Has.None.Contains(seam.Judge.Flagged));
    }

    private sealed class Seam : IAsyncDisposable
    {
        private Seam(JudgeDescriptor judge, FakeCloud fake, GuardedModel model) => (Judge, Fake, Model) = (judge, fake, model);

        public JudgeDescriptor Judge { get; }

        public FakeCloud Fake { get; }

        public GuardedModel Model { get; }

        public static async Task<Seam> StartAsync(string plugin, string entry, string answer)
        {
            var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
            var fake = judge.Fake();
            await fake.StartAsync();
            return new Seam(judge, fake, new GuardedModel(judge, fake.Address, entry, answer));
        }

        public async ValueTask DisposeAsync()
        {
            await Model.DisposeAsync();
            await Fake.DisposeAsync();
        }
    }
}
