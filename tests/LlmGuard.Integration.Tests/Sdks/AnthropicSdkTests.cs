using System.Text;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace LlmGuard.Integration.Tests.Sdks;

public sealed class AnthropicSdkTests(bool isGateway) : SdkTests(isGateway)
{
    [TestCase(false)]
    [TestCase(true)]
    public void Prompt_Blocked_RaisesTheUsualException(bool isStreaming)
    {
        var thrown = Assert.ThrowsAsync<AnthropicForbiddenException>(() => AskAsync("tell me about project bluebird", isStreaming));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)thrown!.StatusCode, Is.EqualTo(403));
            Assert.That(thrown.ToString(), Does.Contain("This topic is not available here.").And.Not.Contain("bluebird"));
        }
    }

    protected override async Task<string> AskAsync(string prompt, bool isStreaming)
    {
        using var client = NewClient() is { } guarded
            ? new AnthropicClient(new ClientOptions { ApiKey = "key", BaseUrl = Url.ToString().TrimEnd('/'), HttpClient = guarded })
            : new AnthropicClient(new ClientOptions { ApiKey = "key", BaseUrl = Url.ToString().TrimEnd('/') });
        var request = new MessageCreateParams { Model = "toy", MaxTokens = 100, Messages = [new UserMessageParam(prompt)] };
        var text = new StringBuilder();
        if (!isStreaming)
        {
            var message = await client.Messages.Create(request, Token);
            foreach (var block in message.Content)
            {
                text.Append(block.TryPickText(out var part) ? part.Text : "");
            }

            return text.ToString();
        }

        await foreach (var streamed in client.Messages.CreateStreaming(request, Token))
        {
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var part))
            {
                text.Append(part.Text);
            }
        }

        return text.ToString();
    }
}
