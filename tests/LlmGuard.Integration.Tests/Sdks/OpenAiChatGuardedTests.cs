using System.Text;
using LlmGuard.Integration.Tests.Sdks.Model;
using OpenAI.Chat;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>Chat completions through the official .NET SDK of OpenAI.</summary>
public sealed class OpenAiChatGuardedTests(bool isGateway) : GuardedSdkTests(isGateway)
{
    protected override string Ended => nameof(ChatFinishReason.Stop);

    protected override string EndedInTool => nameof(ChatFinishReason.ToolCalls);

    protected override string EndedByFilter => nameof(ChatFinishReason.ContentFilter);

    private protected override async Task<Heard> AskAsync(GuardedModel guard, Scene scene, string prompt, bool isStreaming, Action hasRead)
    {
        using var guarded = guard.NewClient();
        var client = new OpenAI.Chat.ChatClient("toy", OpenAiClients.Key, OpenAiClients.Options(guard, guarded, Patience));
        ChatMessage[] messages = [new UserChatMessage(prompt)];
        var options = new ChatCompletionOptions();
        if (scene.HasTool)
        {
            options.Tools.Add(ChatTool.CreateFunctionTool(Words.Tool, "Sends a letter.", OpenAiClients.Schema));
        }

        if (!isStreaming)
        {
            ChatCompletion completion = await client.CompleteChatAsync(messages, options, Token);
            return new Heard(
                string.Concat(completion.Content.Select(static part => part.Text)),
                string.Concat(completion.ToolCalls.Select(static call => call.FunctionArguments.ToString())),
                completion.FinishReason.ToString());
        }

        var text = new StringBuilder();
        var arguments = new StringBuilder();
        ChatFinishReason? finish = null;
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, Token))
        {
            text.AppendJoin("", update.ContentUpdate.Select(static part => part.Text));
            arguments.AppendJoin("", update.ToolCallUpdates.Select(static call => call.FunctionArgumentsUpdate?.ToString()));
            finish = update.FinishReason ?? finish;
            if (text.Length > 0)
            {
                hasRead();
            }
        }

        return new Heard(text.ToString(), arguments.ToString(), finish?.ToString() ?? "");
    }

    protected override void AssertRaised(Exception thrown, int status) => OpenAiClients.AssertRaised(thrown, status);
}
