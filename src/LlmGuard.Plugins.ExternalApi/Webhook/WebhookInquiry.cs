using System.Text.Json;
using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Webhook;

/// <summary>One request of the webhook protocol, version 1: see the package's README and its JSON schemas.</summary>
internal sealed class WebhookInquiry(ExternalApiSettings settings, WebhookSettings webhook, Question question) : ExternalInquiry(settings, question)
{
    public const int Version = 1;

    public override void WriteBody(Utf8JsonWriter body)
    {
        var call = Question.Call;
        body.WriteStartObject();
        body.WriteNumber("version"u8, Version);
        body.WriteString("stage"u8, CallFacts.StageOf(call));
        body.WriteString("direction"u8, CallFacts.DirectionOf(call));
        body.WriteString("gateway"u8, call.Scope.Gateway);
        body.WriteString("service"u8, call.Scope.Service);
        body.WriteString("rule"u8, call.Scope.Rule);
        body.WriteString("consumer"u8, call.Caller.Consumer);
        body.WritePropertyName("groups"u8);
        CallFacts.WriteGroups(body, call);
        body.WriteString("model"u8, call.Model);
        body.WriteString("dialect"u8, call.Dialect);
        body.WriteBoolean("stream"u8, call.IsStreaming);
        body.WritePropertyName("segments"u8);
        SegmentList.Write(body, Question);
        body.WriteEndObject();
    }

    public override GuardrailVerdict Read(JudgeAnswer answer) => new WebhookAnswer(answer.Root, webhook, Settings.Message, Question).Read();
}
