using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmGuard.Integration.Tests.ChatClient;

/// <summary>
/// Proves that the content model carries sources whose text is a string, and that a mask keeps every content part. Not a seam: streams, tools
/// called by the client and refusals have an issue of their own.
/// </summary>
internal sealed class GuardedChatClient(IChatClient inner, IAiGuardrails guardrails) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        await using var call = guardrails.Begin(new GuardedCallOptions { Seam = GuardrailSeam.Chat });
        var request = await GuardAsync(call, GuardrailStage.PreRequest, [.. messages], cancellationToken);
        var response = await base.GetResponseAsync(request, options, cancellationToken);
        response.Messages = await GuardAsync(call, GuardrailStage.PreResponse, response.Messages, cancellationToken);
        call.Complete(CallEnding.Completed);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    private static async Task<IList<ChatMessage>> GuardAsync(
        GuardedCall call, GuardrailStage stage, IList<ChatMessage> messages,
        CancellationToken cancellationToken)
    {
        var places = new List<(int Message, int Part, Func<string, AIContent> With)>();
        var builder = new GuardrailContentBuilder();
        foreach (var (m, message) in messages.Index())
        {
            foreach (var (p, part) in message.Contents.Index())
            {
                var (text, kind, with) = Read(part);
                if (text is not null)
                {
                    places.Add((m, p, with));
                    builder.AddText(text, new SegmentInfo { Role = new SegmentRole(message.Role.Value), Kind = kind,
                        Position = new SegmentPosition(m, p), Join = part is TextContent ? m : -1 });
                }
            }
        }

        var decision = await call.EvaluateAsync(stage, builder.Build(), cancellationToken);
        if (decision.Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal.Message);
        }

        var guarded = messages.Select(static m => { var copy = m.Clone(); copy.Contents = [.. m.Contents]; return copy; }).ToList();
        foreach (var index in decision.Edits.Select(static e => e.Segment).Distinct())
        {
            var (message, part, with) = places[index];
            guarded[message].Contents[part] = with(decision.Content[index].Text);
        }

        return guarded;
    }

    private static (string? Text, SegmentKind Kind, Func<string, AIContent> With) Read(AIContent part) => part switch
    {
        TextContent text =>
            (text.Text, SegmentKind.Message, s =>
            new TextContent(s) { AdditionalProperties = text.AdditionalProperties, Annotations = text.Annotations }),
        TextReasoningContent thought => (thought.Text, SegmentKind.Reasoning, s => new TextReasoningContent(s)),
        FunctionResultContent result => (result.Result?.ToString(), SegmentKind.ToolResult, s => new FunctionResultContent(result.CallId, s)),
        FunctionCallContent tool =>
            (JsonSerializer.Serialize(tool.Arguments), SegmentKind.ToolCall,
            s => new FunctionCallContent(tool.CallId, tool.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(s))),
        _ => (null, SegmentKind.Unknown, static _ => throw new InvalidOperationException("no text, no edit")),
    };
}
