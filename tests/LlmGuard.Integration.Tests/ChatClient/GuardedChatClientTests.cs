using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.ChatClient;

[TestFixture]
public sealed class GuardedChatClientTests
{
    private const string Policy = """
        { "gateway": { "name": "Chat", "required_plugins": [
            { "name": "data_masking", "stage": ["pre_request", "pre_response"], "settings": { "predefined_entities": [ { "entity": "email", "enabled": true } ] } },
            { "name": "prompt_moderation", "settings": { "keywords": ["bluebird"], "actions": { "type": "block", "message": "not here" } } }
        ] } }
        """;

    [Test]
    public async Task GetResponse_PromptWithEveryKindOfPart_MasksTextsAndKeepsEveryPart()
    {
        var model = new RecordingChatClient("write to ann@example.com");
        await using var provider = Services();
        using var client = new GuardedChatClient(model, provider.GetRequiredService<IAiGuardrails>());
        var message = new ChatMessage(ChatRole.User, [
            new TextContent("mail bob@example.com"),
            new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
            new FunctionResultContent("call-1", "found eve@example.com"),
            new TextContent(" and joe@exam"),
            new TextContent("ple.com, thanks"),
        ])
        { MessageId = "m1", AuthorName = "bob" };

        var response = await client.GetResponseAsync([message]);

        var sent = model.Requests.Single().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Contents.Select(static c => c.GetType()), Is.EqualTo(message.Contents.Select(static c => c.GetType())));
            Assert.That(sent.MessageId, Is.EqualTo("m1"));
            Assert.That(sent.AuthorName, Is.EqualTo("bob"));
            Assert.That(((TextContent)sent.Contents[0]).Text, Is.EqualTo("mail [MASKED_EMAIL]"));
            Assert.That(((FunctionResultContent)sent.Contents[2]).Result, Is.EqualTo("found [MASKED_EMAIL]"));
            Assert.That(((TextContent)sent.Contents[3]).Text + ((TextContent)sent.Contents[4]).Text, Is.EqualTo(" and [MASKED_EMAIL], thanks"));
            Assert.That(response.Text, Is.EqualTo("write to [MASKED_EMAIL]"));
            Assert.That(((TextContent)message.Contents[0]).Text, Is.EqualTo("mail bob@example.com"), "the caller's message is not changed");
        }
    }

    [Test]
    public async Task GetResponse_BlockedPrompt_NeverReachesTheModel()
    {
        var model = new RecordingChatClient("hello");
        await using var provider = Services();
        using var client = new GuardedChatClient(model, provider.GetRequiredService<IAiGuardrails>());

        Assert.That(
            async () => await client.GetResponseAsync([new ChatMessage(ChatRole.User, "tell me about bluebird")]),
            Throws.InvalidOperationException.With.Message.EqualTo("not here"));
        Assert.That(model.Requests, Is.Empty);
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(static o => o.PolicyJson = Policy).AddDataMasking().AddPromptModeration();
        return services.BuildServiceProvider();
    }

    private sealed class RecordingChatClient(string answer) : IChatClient
    {
        public List<List<ChatMessage>> Requests { get; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default)
        {
            Requests.Add([.. messages]);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("not part of this test");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
