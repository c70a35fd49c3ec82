using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using LlmGuard.Integration.Tests.Sdks.Model;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>Messages through the official .NET SDK of Anthropic.</summary>
public sealed class AnthropicGuardedTests(bool isGateway) : GuardedSdkTests(isGateway)
{
    protected override string Ended => "end_turn";

    protected override string EndedInTool => "tool_use";

    protected override string EndedByFilter => "refusal";

    private protected override async Task<Heard> AskAsync(GuardedModel guard, Scene scene, string prompt, bool isStreaming, Action hasRead)
    {
        var options = new ClientOptions { ApiKey = "key", BaseUrl = guard.Url.ToString().TrimEnd('/'), MaxRetries = 0, Timeout = Patience };
        if (guard.NewClient() is { } guarded)
        {
            options = options with { HttpClient = guarded };
        }

        using var client = new AnthropicClient(options);
        var request = new MessageCreateParams { Model = "toy", MaxTokens = 100, Messages = [new UserMessageParam(prompt)] };
        if (scene.HasTool)
        {
            request = request with { Tools = [new Tool { Name = Words.Tool, Description = "Sends a letter.",
                InputSchema = new InputSchema { Properties = Properties() } }] };
        }

        var text = new StringBuilder();
        var arguments = new StringBuilder();
        if (!isStreaming)
        {
            var message = await client.Messages.Create(request, Token);
            foreach (var block in message.Content)
            {
                text.Append(block.TryPickText(out var part) ? part.Text : "");
                arguments.Append(block.TryPickToolUse(out var call) ? JsonSerializer.Serialize(call.Input) : "");
            }

            return new Heard(text.ToString(), arguments.ToString(), message.StopReason?.Raw() ?? "");
        }

        var finish = "";
        var open = new HashSet<long>();
        var isStopped = false;
        await foreach (var streamed in client.Messages.CreateStreaming(request, Token))
        {
            if (streamed.TryPickContentBlockStart(out var start))
            {
                open.Add(start.Index);
            }
            else if (streamed.TryPickContentBlockDelta(out var delta))
            {
                Assert.That(open, Does.Contain(delta.Index), "a delta of a block that is not open");
                text.Append(delta.Delta.TryPickText(out var part) ? part.Text : "");
                arguments.Append(delta.Delta.TryPickInputJson(out var json) ? json.PartialJson : "");
            }
            else if (streamed.TryPickContentBlockStop(out var stop))
            {
                open.Remove(stop.Index);
            }
            else if (streamed.TryPickDelta(out var end))
            {
                finish = end.Delta.StopReason?.Raw() ?? finish;
            }

            isStopped |= streamed.TryPickStop(out _);
            if (text.Length > 0)
            {
                hasRead();
            }
        }

        Assert.That((open.Count, isStopped), Is.EqualTo((0, true)), "every block and the message are closed");
        return new Heard(text.ToString(), arguments.ToString(), finish);
    }

    protected override void AssertRaised(Exception thrown, int status)
    {
        Assert.That(thrown, status switch
        {
            403 => Is.TypeOf<AnthropicForbiddenException>(),
            429 => Is.TypeOf<AnthropicRateLimitException>(),
            _ => Is.TypeOf<AnthropicServiceUnavailableException>(),
        });
        Assert.That((int?)(thrown as AnthropicApiException)?.StatusCode, Is.EqualTo(status));
    }

    private static Dictionary<string, JsonElement> Properties()
    {
        using var schema = JsonDocument.Parse("""{"to":{"type":"string"},"body":{"type":"string"}}""");
        return schema.RootElement.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value.Clone());
    }
}
