namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>bedrock.converse</c>.</summary>
internal static class ConverseLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request system[].text"] = [new("""{"system":[{"text":"x"},{"text":"@"}]}""", "system", "message")],
        ["request system[].guardContent.text.text"] =
            [new("""{"system":[{"guardContent":{"text":{"text":"@","qualifiers":["query"]}}}]}""", "system", "message")],
        ["request messages[].content[].text"] =
        [
            Block("""{"text":"@"}""", "message"),
            new("""{"messages":[{"role":"assistant","content":[{"text":"@"}]}]}""", "assistant", "message"),
            new("""{"messages":[{"role":"system","content":[{"text":"@"}]}]}""", "system", "message"),
        ],
        ["request messages[].content[].guardContent.text.text"] = [Block("""{"guardContent":{"text":{"text":"@"}}}""", "message")],
        ["request messages[].content[].document.{name,context,source.text,source.content[].text}"] =
        [
            Block("""{"document":{"name":"@","format":"pdf"}}""", "document"),
            Block("""{"document":{"name":"n","context":"@"}}""", "document"),
            Block("""{"document":{"name":"n","source":{"text":"@"}}}""", "document"),
            Block("""{"document":{"name":"n","source":{"content":[{"text":"@"}]}}}""", "document"),
        ],
        ["request messages[].content[].{document,image,video,audio}.source.{bytes,s3Location.uri}"] =
        [
            Block("""{"document":{"name":"n","format":"pdf","source":{"bytes":"QUJD"}}}""", "", Fate.Reported, UninspectedKind.File),
            Block("{\"document\":{\"name\":\"n\",\"format\":\"txt\",\"source\":{\"bytes\":\"" + LocationTemplate.Base64 + "\"}}}", "document",
                Fate.Fixed),
            Block("""{"document":{"name":"n","format":"csv","source":{"bytes":"/w=="}}}""", "", Fate.Reported, UninspectedKind.UndecodableText),
            Block("""{"image":{"format":"png","source":{"bytes":"QUJD"}}}""", "", Fate.Reported, UninspectedKind.Image),
            Block("""{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/v.mp4"}}}}""", "", Fate.Reported, UninspectedKind.File),
            Block("""{"audio":{"format":"mp3","source":{"bytes":"QUJD"}}}""", "", Fate.Reported, UninspectedKind.Audio),
        ],
        ["request messages[].content[].toolUse.{name,input}"] =
        [
            Block("""{"toolUse":{"toolUseId":"t","name":"@","input":{}}}""", "tool_call"),
            Block("""{"toolUse":{"toolUseId":"t","name":"f","input":{"a":[{"b":"@"}]}}}""", "tool_call"),
            Block("""{"toolUse":{"name":"f","input":{"@":1}}}""", "key", Fate.Fixed),
        ],
        ["request messages[].content[].toolResult.content[].{text,json,document.*,searchResult.*}"] =
        [
            Result("""{"text":"@"}"""),
            Result("""{"json":{"a":"@"}}"""),
            Result("""{"document":{"name":"n","source":{"text":"@"}}}"""),
            Result("""{"searchResult":{"title":"t","source":"s","content":[{"text":"@"}]}}"""),
        ],
        ["request messages[].content[].searchResult.{title,source,content[].text}"] =
        [
            Block("""{"searchResult":{"title":"@","source":"s"}}""", "document"),
            Block("""{"searchResult":{"title":"t","source":"@"}}""", "document"),
            Block("""{"searchResult":{"content":[{"text":"@"}]}}""", "document"),
        ],
        ["request messages[].content[].citationsContent.{content[].text,citations[].{title,source,sourceContent[].text}}"] =
        [
            Block("""{"citationsContent":{"content":[{"text":"@"}],"citations":[]}}""", "message"),
            Block("""{"citationsContent":{"content":[],"citations":[{"title":"@","location":{"documentChar":{"start":1}}}]}}""", "document"),
            Block("""{"citationsContent":{"citations":[{"source":"@"}]}}""", "document"),
            Block("""{"citationsContent":{"citations":[{"sourceContent":[{"text":"@"}]}]}}""", "document"),
        ],
        ["request messages[].content[].reasoningContent.reasoningText.text"] =
        [
            Block("""{"reasoningContent":{"reasoningText":{"text":"@","signature":"s"}}}""", "reasoning", Fate.Fixed,
                UninspectedKind.EncryptedReasoning),
            Block("""{"reasoningContent":{"reasoningText":{"text":"@"}}}""", "reasoning"),
        ],
        ["request messages[].content[].reasoningContent.redactedContent"] =
            [Block("""{"reasoningContent":{"redactedContent":"QUJD"}}""", "", Fate.Reported, UninspectedKind.EncryptedReasoning)],
        ["request toolConfig.tools[].toolSpec.{name,description,inputSchema.json}"] =
        [
            .. new[] { "\"name\":\"@\"", "\"description\":\"@\"", "\"inputSchema\":{\"json\":{\"title\":\"@\"}}" }.Select(
                member => new LocationTemplate("{\"toolConfig\":{\"tools\":[{\"toolSpec\":{" + member + "}}]}}", "tool", "tool_definition")),
        ],
        ["request promptVariables.{*}.text"] = [new("""{"promptVariables":{"name":{"text":"@"}}}""", "user", "message")],
        ["request additionalModelRequestFields"] = [new("""{"additionalModelRequestFields":{"system":[{"text":"@"}]}}""", "unknown", "unknown")],
        ["request inferenceConfig.stopSequences[], requestMetadata.{*}, outputConfig.textFormat.*"] =
        [
            new("""{"inferenceConfig":{"maxTokens":5,"stopSequences":["@"]}}""", "unknown", "metadata"),
            new("""{"requestMetadata":{"user":"@"}}""", "unknown", "metadata"),
            new("""{"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"title\":\"@\"}"}}}}}""", "system",
                "tool_definition"),
            new("""{"outputConfig":{"textFormat":{"structure":{"jsonSchema":{"description":"@"}}}}}""", "system", "tool_definition"),
        ],
        ["response output.message.content[].* (same block union)"] =
        [
            Answer("""{"text":"@"}""", "message"),
            Answer("""{"toolUse":{"name":"f","input":{"a":"@"}}}""", "tool_call"),
            Answer("""{"citationsContent":{"content":[{"text":"@"}]}}""", "message"),
            Answer("""{"reasoningContent":{"reasoningText":{"text":"@","signature":"s"}}}""", "reasoning", Fate.Fixed),
        ],
        ["response additionalModelResponseFields"] = [new("""{"additionalModelResponseFields":{"a":["@"]}}""", "assistant", "unknown")],
        ["response trace.guardrail.*"] =
        [
            new("""{"trace":{"guardrail":{"inputAssessment":{"g":{"sensitiveInformationPolicy":{"piiEntities":[{"match":"@"}]}}}}}}""", "assistant",
                "unknown"),
            new("""{"trace":{"guardrail":{"modelOutput":["@"]}}}""", "assistant", "unknown"),
        ],
        ["stream contentBlockDelta.delta.text"] =
        [
            new("""{"contentBlockIndex":0,"delta":{"text":"@"},"p":"abcd"}""", "assistant", "message"),
            new("""{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"@"}}}""", "assistant", "message"),
        ],
        ["stream contentBlockDelta.delta.toolUse.input"] =
        [
            new("""{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a\":\"@\"}"}}}""", "assistant", "tool_call"),
            new("""{"contentBlockIndex":1,"delta":{"toolUse":{"input":"no json @"}}}""", "assistant", "tool_call"),
        ],
        ["stream contentBlockDelta.delta.toolResult[].{text,json}"] =
        [
            new("""{"contentBlockIndex":1,"delta":{"toolResult":[{"text":"@"}]}}""", "tool", "tool_result"),
            new("""{"contentBlockIndex":1,"delta":{"toolResult":[{"json":{"a":"@"}}]}}""", "tool", "tool_result"),
        ],
        ["stream contentBlockDelta.delta.reasoningContent.{text,signature,redactedContent}"] =
        [
            new("""{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"@"}}}""", "assistant", "reasoning", Fate.Fixed),
            new("""{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}""", "", "",
                Fate.Reported) { Uninspected = UninspectedKind.EncryptedReasoning },
            new("""{"contentBlockIndex":0,"delta":{"reasoningContent":{"redactedContent":"QUJD"}}}""", "", "",
                Fate.Reported) { Uninspected = UninspectedKind.EncryptedReasoning },
        ],
        ["stream contentBlockDelta.delta.citation.*"] =
        [
            new("""{"contentBlockIndex":0,"delta":{"citation":{"title":"@"}}}""", "assistant", "document"),
            new("""{"contentBlockIndex":0,"delta":{"citation":{"sourceContent":[{"text":"@"}]}}}""", "assistant", "document"),
            new("""{"contentBlockIndex":0,"delta":{"citation":{"location":{"web":{"url":"@"}}}}}""", "assistant", "document"),
        ],
        ["stream messageStop.additionalModelResponseFields, metadata.trace"] =
        [
            new("""{"stopReason":"end_turn","additionalModelResponseFields":{"a":"@"}}""", "assistant", "unknown"),
            new("""{"usage":{"inputTokens":1},"trace":{"guardrail":{"modelOutput":["@"]}}}""", "assistant", "unknown"),
            new("""{"message":"@"}""", "unknown", "error"),
        ],
    };

    private static LocationTemplate Block(string block, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new("{\"messages\":[{\"role\":\"user\",\"content\":[" + block + "]}]}", "user", kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Result(string content) =>
        new("{\"messages\":[{\"role\":\"user\",\"content\":[{\"toolResult\":{\"toolUseId\":\"t\",\"content\":[" + content + "]}}]}]}", "tool",
            "tool_result");

    private static LocationTemplate Answer(string block, string kind, Fate fate = Fate.Masked) =>
        new("{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[" + block + "]}},\"stopReason\":\"end_turn\"}", "assistant", kind, fate);
}
