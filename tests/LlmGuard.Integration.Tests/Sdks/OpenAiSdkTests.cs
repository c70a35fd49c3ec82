using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace LlmGuard.Integration.Tests.Sdks;

public sealed class OpenAiSdkTests(bool isGateway) : SdkTests(isGateway)
{
    [TestCase(false)]
    [TestCase(true)]
    public void Prompt_Blocked_RaisesTheUsualException(bool isStreaming)
    {
        var thrown = Assert.ThrowsAsync<ClientResultException>(() => AskAsync("tell me about project bluebird", isStreaming));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown!.Status, Is.EqualTo(403));
            Assert.That(thrown.Message, Does.Contain("prompt_moderation").And.Contain("This topic is not available here."));
            Assert.That(thrown.ToString(), Does.Not.Contain("bluebird"));
        }
    }

    protected override async Task<string> AskAsync(string prompt, bool isStreaming)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(Url, "/v1") };
        using var guarded = NewClient();
        if (guarded is not null)
        {
            options.Transport = new HttpClientPipelineTransport(guarded);
        }

        var client = new OpenAI.Chat.ChatClient("toy", new ApiKeyCredential("key"), options);
        ChatMessage[] messages = [new UserChatMessage(prompt)];
        if (!isStreaming)
        {
            ChatCompletion completion = await client.CompleteChatAsync(messages, cancellationToken: Token);
            return completion.Content[0].Text;
        }

        var text = new StringBuilder();
        await foreach (var update in client.CompleteChatStreamingAsync(messages, cancellationToken: Token))
        {
            text.AppendJoin("", update.ContentUpdate.Select(static part => part.Text));
        }

        return text.ToString();
    }
}
