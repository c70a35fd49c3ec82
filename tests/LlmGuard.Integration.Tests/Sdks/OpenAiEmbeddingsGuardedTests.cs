using LlmGuard.Integration.Tests.Sdks.Model;
using OpenAI.Embeddings;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>Embeddings through the official .NET SDK of OpenAI: an answer of numbers can neither refuse nor be streamed.</summary>
[TestFixture(true)]
[TestFixture(false)]
[CancelAfter(60_000)]
public sealed class OpenAiEmbeddingsGuardedTests(bool isGateway)
{
    private ScriptedModel _model = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _model = await ScriptedModel.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _model.DisposeAsync();

    [Test]
    public async Task Input_WithPersonalData_IsMaskedAndTheVectorRead()
    {
        await using var guard = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Masks);

        var vector = await EmbedAsync(guard, "I am ann@example.com");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(vector, Is.EqualTo(new[] { 1f, 2f }));
            Assert.That(_model.Upstream.Requests[^1].Text, Does.Contain("\"I am [MASKED_EMAIL]\"").And.Not.Contain("ann@"));
        }
    }

    [Test]
    public async Task Input_Blocked_RaisesTheUsualException()
    {
        await using var guard = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Topics);

        var thrown = Assert.CatchAsync(() => EmbedAsync(guard, "all about project bluebird"))!;

        OpenAiClients.AssertRaised(thrown, 403);
        Assert.That(thrown.ToString(), Does.Contain(GuardedModel.Topic).And.Not.Contain("bluebird"));
    }

    [Test]
    public async Task Call_BeyondTheLimit_RaisesTheUsualException()
    {
        await using var guard = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Limited);
        await guard.UseUpAsync(TestContext.CurrentContext.CancellationToken);

        OpenAiClients.AssertRaised(Assert.CatchAsync(() => EmbedAsync(guard, "anything"))!, 429);
    }

    [Test]
    public async Task Judge_ThatFails_RaisesTheUsualException()
    {
        await using var guard = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Whole);

        OpenAiClients.AssertRaised(Assert.CatchAsync(() => EmbedAsync(guard, "a pear"))!, 503);
    }

    private static async Task<float[]> EmbedAsync(GuardedModel guard, string input)
    {
        using var guarded = guard.NewClient();
        var client = new EmbeddingClient("toy", OpenAiClients.Key, OpenAiClients.Options(guard, guarded, TimeSpan.FromSeconds(40)));
        var embedding = await client.GenerateEmbeddingAsync(input, cancellationToken: TestContext.CurrentContext.CancellationToken);
        return embedding.Value.ToFloats().ToArray();
    }
}
