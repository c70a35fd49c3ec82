using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using LlmGuard.Integration.Tests.Sdks.Model;
using LlmGuard.Tests;
using OpenAI.Chat;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>What the official .NET SDK of OpenAI does by its own rules for trying again, in both seams.</summary>
[TestFixture(true)]
[TestFixture(false)]
[CancelAfter(60_000)]
public sealed class RetryTests(bool isGateway)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Call_BeyondAShortLimit_WaitsAsLongAsItIsToldAndSucceeds()
    {
        await using var model = await ScriptedModel.StartAsync();
        var time = new ManualTime();
        await using var guard = await GuardedModel.StartAsync(isGateway, model, GuardedModel.Brief, time);
        await guard.UseUpAsync(Token);

        var tries = new Tries { Refused = seconds => time.Advance(TimeSpan.FromSeconds(seconds)) };
        ChatCompletion answer = await Ask(guard, tries);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
            Assert.That(tries.Statuses, Is.EqualTo(new[] { 429, 200 }));
            Assert.That(tries.Waits, Is.EqualTo(new[] { 3 }), "the window and the eighth of it that it may come later");
            Assert.That(model.Upstream.Requests, Has.Count.EqualTo(2), "what is refused does not reach the model");
        }
    }

    [Test]
    public async Task Prompt_Blocked_IsNotTriedAgain()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var guard = await GuardedModel.StartAsync(isGateway, model, GuardedModel.Topics);
        var tries = new Tries();

        var thrown = Assert.CatchAsync<ClientResultException>(() => Ask(guard, tries, "Tell me about project bluebird."));

        Assert.That(thrown?.Status, Is.EqualTo(403));
        Assert.That(tries.Statuses, Is.EqualTo(new[] { 403 }));
    }

    [Test]
    public async Task Judge_ThatFails_IsTriedAgainByAnSdkThatDoesNotKnowTheHeader()
    {
        await using var model = await ScriptedModel.StartAsync();
        await using var guard = await GuardedModel.StartAsync(isGateway, model, GuardedModel.Whole);
        var tries = new Tries();
        string? retry = null;

        var thrown = Assert.CatchAsync<ClientResultException>(() => Ask(guard, tries, "I like a pear.", retries: 1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown?.GetRawResponse()?.Headers.TryGetValue("x-should-retry", out retry) is true ? retry : null, Is.EqualTo("false"));
            Assert.That(tries.Statuses, Is.EqualTo(new[] { 503, 503 }), "should the SDK learn it, the READMEs may say so");
            Assert.That(guard.JudgedPrompts, Is.EqualTo(2));
        }
    }

    private static async Task<ClientResult<ChatCompletion>> Ask(GuardedModel guard, Tries tries, string prompt = "", int retries = 5)
    {
        using var guarded = guard.NewClient();
        var options = OpenAiClients.Options(guard, guarded, Patience);
        options.RetryPolicy = new ClientRetryPolicy(retries);
        options.AddPolicy(tries, PipelinePosition.PerTry);
        var client = new OpenAI.Chat.ChatClient("toy", OpenAiClients.Key, options);
        return await client.CompleteChatAsync([new UserChatMessage($"{Scene.Address.Name}: {prompt}")], cancellationToken: Token);
    }

    /// <summary>Notes the status of every try.</summary>
    private sealed class Tries : PipelinePolicy
    {
        public List<int> Statuses { get; } = [];

        /// <summary>What each refusal has told to wait for.</summary>
        public List<int> Waits { get; } = [];

        /// <summary>Done when a try is refused for a limit, with the seconds to wait.</summary>
        public Action<int> Refused { get; init; } = static _ => { };

        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            ProcessNext(message, pipeline, currentIndex);
            Note(message.Response!);
        }

        public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            await ProcessNextAsync(message, pipeline, currentIndex);
            Note(message.Response!);
        }

        private void Note(PipelineResponse response)
        {
            Statuses.Add(response.Status);
            if (response.Status == 429)
            {
                Waits.Add(response.Headers.TryGetValue("Retry-After", out var after) ? int.Parse(after!, CultureInfo.InvariantCulture) : -1);
                Refused(Waits[^1]);
            }
        }
    }
}
