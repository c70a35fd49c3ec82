using System.Text.Json;
using LlmGuard.Http.Dialects.AnthropicMessages;
using LlmGuard.Http.Dialects.Cohere;
using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>
/// Ends a stream of InvokeModelWithResponseStream in the words of the model's maker. The events tell whose they are; before the first one the model's
/// id does. Where neither does there is no such ending.
/// </summary>
internal sealed class InvokeModelEnding : IStreamEnding
{
    private IStreamEnding? _family;

    public bool CanEnd(StreamForm form, RefusedCall call) => (_family ??= Of(InvokeModelFamilies.OfModel(call.Model))) is not null;

    public void Saw(JsonElement data)
    {
        // What frames an event is seen as well, and belongs to no family.
        _family ??= Of(InvokeModelFamilies.OfEvent(data));
        if (data.ValueKind == JsonValueKind.Object)
        {
            _family?.Saw(data);
        }
    }

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        var lines = new EventStreamAnswer(StreamForm.Lines);
        _family!.Write(call, lines);
        var events = lines.ToAnswer().Body.Span;
        foreach (var range in events.Split((byte)'\n'))
        {
            if (!events[range].IsEmpty)
            {
                stream.Add(events[range]);
            }
        }
    }

    private static IStreamEnding? Of(InvokeModelFamily? family) => family switch
    {
        InvokeModelFamily.Claude => new AnthropicEnding(),
        InvokeModelFamily.CommandR => new CohereFirstEnding(),
        InvokeModelFamily.Nova => new ConverseEnding(),
        InvokeModelFamily.OpenAi => new OpenAiChatEnding("content_filter"),
        { } prompted => new PromptedEnding(prompted),
        _ => null,
    };

    /// <summary>
    /// The last event of models that take a prompt, which have one kind of event; the word that Bedrock's own guardrail adds says why.
    /// </summary>
    private sealed class PromptedEnding(InvokeModelFamily family) : IStreamEnding
    {
        private bool _hasEnded;

        public void Saw(JsonElement data)
        {
            _hasEnded |= data.Text("stop_reason") is not null || data.Text("completionReason") is not null;
            foreach (var output in data.Items("outputs"))
            {
                _hasEnded |= output.Text("stop_reason") is not null;
            }
        }

        public void Write(RefusedCall call, EventStreamAnswer stream)
        {
            if (_hasEnded)
            {
                return;
            }

            stream.Add(writer =>
            {
                writer.WriteStartObject();
                InvokeModelRefusal.WriteText(writer, family, text: "", isStreamed: true);
                writer.WriteString("amazon-bedrock-guardrailAction"u8, "INTERVENED"u8);
                writer.WriteEndObject();
            });
        }
    }
}
