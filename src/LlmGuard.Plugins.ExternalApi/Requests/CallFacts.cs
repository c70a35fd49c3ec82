using System.Text.Json;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>Facts about a call in the words of the protocols.</summary>
internal static class CallFacts
{
    public static string StageOf(GuardrailCall call) => call.Stage switch
    {
        GuardrailStage.PreRequest => "pre_request",
        GuardrailStage.PostRequest => "post_request",
        GuardrailStage.PreResponse => "pre_response",
        _ => "post_response",
    };

    public static string DirectionOf(GuardrailCall call) => call.IsResponse ? "response" : "request";

    public static void WriteGroups(Utf8JsonWriter writer, GuardrailCall call)
    {
        writer.WriteStartArray();
        foreach (var group in call.Caller.Groups)
        {
            writer.WriteStringValue(group);
        }

        writer.WriteEndArray();
    }
}
