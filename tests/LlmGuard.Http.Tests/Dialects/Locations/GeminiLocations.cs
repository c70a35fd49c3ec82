namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>google.gemini</c>.</summary>
internal static class GeminiLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request systemInstruction.parts[].text"] =
        [
            new("""{"systemInstruction":{"parts":[{"text":"@"}]}}""", "system", "message"),
            new("""{"system_instruction":{"role":"user","parts":[{"text":"@"}]}}""", "system", "message"),
        ],
        ["request contents[].parts[].text"] =
        [
            new("""{"contents":[{"role":"user","parts":[{"text":"@"}]}]}""", "user", "message"),
            new("""{"contents":[{"role":"model","parts":[{"text":"@"}]}]}""", "assistant", "message"),
            new("""{"contents":[{"role":"function","parts":[{"text":"@"}]}]}""", "tool", "tool_result"),
            new("""{"contents":[{"parts":[{"text":"@"}]}]}""", "unknown", "message"),
            new("""{"contents":{"parts":[{"text":"@"}]}}""", "unknown", "message"),
            new("""{"contents":[{"role":"model","parts":[{"text":"@","thought":true}]}]}""", "assistant", "reasoning"),
            new("""{"generateContentRequest":{"contents":[{"role":"user","parts":[{"text":"@"}]}]}}""", "user", "message"),
            new("""{"requests":[{"content":{"role":"user","parts":[{"text":"@"}]}}]}""", "user", "message"),
        ],
        ["request contents[].parts[].functionCall.args"] =
        [
            Part("""{"functionCall":{"name":"f","args":{"a":{"b":["@"]}}}}""", "tool_call"),
            Part("""{"function_call":{"name":"f","args":{"a":"@"}}}""", "tool_call"),
            Part("""{"functionCall":{"name":"f","args":{"@":1}}}""", "key", Fate.Fixed),
            Part("""{"functionCall":{"name":"f","args":{"a":"@"}},"thoughtSignature":"QUJD"}""", "tool_call", Fate.Fixed,
                UninspectedKind.EncryptedReasoning),
        ],
        ["request contents[].parts[].functionResponse.response"] =
        [
            Part("""{"functionResponse":{"name":"f","response":{"a":"@"}}}""", "tool_result", role: "tool"),
            Part("""{"function_response":{"name":"f","response":{"a":["@"]}}}""", "tool_result", role: "tool"),
        ],
        ["request contents[].parts[].functionResponse.parts[]"] =
            [Part("""{"functionResponse":{"name":"f","parts":[{"inlineData":{"mimeType":"image/png","data":"QUJD"}}]}}""", "", Fate.Reported,
                UninspectedKind.Image)],
        ["request contents[].parts[].executableCode.code"] =
        [
            Part("""{"executableCode":{"language":"PYTHON","code":"@"}}""", "tool_call"),
            Part("""{"executable_code":{"code":"@"}}""", "tool_call"),
        ],
        ["request contents[].parts[].codeExecutionResult.output"] =
            [Part("""{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"@"}}""", "tool_result", role: "tool")],
        ["request contents[].parts[].{toolCall.args,toolResponse.response,partMetadata}"] =
        [
            Part("""{"toolCall":{"toolType":"T","args":{"a":"@"}}}""", "tool_call"),
            Part("""{"toolResponse":{"toolType":"T","response":{"a":"@"}}}""", "tool_result", role: "tool"),
            Part("""{"text":"x","partMetadata":{"a":"@"}}""", "metadata"),
        ],
        ["request contents[].parts[].inlineData.{mimeType,data}, fileData.fileUri"] =
        [
            Part("""{"inlineData":{"mimeType":"image/png","data":"QUJD"}}""", "", Fate.Reported, UninspectedKind.Image),
            Part("""{"inline_data":{"mime_type":"audio/wav","data":"QUJD"}}""", "", Fate.Reported, UninspectedKind.Audio),
            Part("""{"inlineData":{"data":"QUJD"}}""", "", Fate.Reported, UninspectedKind.File),
            Part("{\"inlineData\":{\"mimeType\":\"text/plain\",\"data\":\"" + LocationTemplate.Base64 + "\"}}", "document", Fate.Fixed),
            Part("""{"inlineData":{"mimeType":"@","data":""}}""", "metadata", Fate.Fixed),
            Part("""{"fileData":{"mimeType":"application/pdf","fileUri":"gs://b/f.pdf"}}""", "", Fate.Reported, UninspectedKind.File),
            Part("""{"file_data":{"mime_type":"image/png","file_uri":"https://x.test/f"}}""", "", Fate.Reported, UninspectedKind.Image),
        ],
        ["request contents[].parts[].thoughtSignature"] =
            [Part("""{"text":"@","thoughtSignature":"QUJD"}""", "message", Fate.Fixed, UninspectedKind.EncryptedReasoning)],
        ["request tools[].functionDeclarations[].{name,description,parameters,parametersJsonSchema,response}"] =
        [
            .. new[] { "\"name\":\"@\"", "\"description\":\"@\"", "\"parameters\":{\"title\":\"@\"}", "\"parametersJsonSchema\":{\"title\":\"@\"}",
                "\"response\":{\"title\":\"@\"}" }
                .Select(member => new LocationTemplate("{\"tools\":[{\"functionDeclarations\":[{" + member + "}]}]}", "tool", "tool_definition")),
        ],
        ["request cachedContent"] =
            [new("""{"cachedContent":"cachedContents/@"}""", "unknown", "metadata", Fate.Fixed) { Uninspected = UninspectedKind.ServerState }],
        ["request generationConfig.{stopSequences[],responseSchema,responseJsonSchema}, labels.{*}"] =
        [
            new("""{"generationConfig":{"stopSequences":["@"]}}""", "unknown", "metadata"),
            new("""{"generation_config":{"response_schema":{"title":"@"}}}""", "system", "tool_definition"),
            new("""{"generationConfig":{"responseJsonSchema":{"title":"@"}}}""", "system", "tool_definition"),
            new("""{"labels":{"team":"@"}}""", "unknown", "metadata"),
        ],
        ["response candidates[].content.parts[].* (same part union)"] =
        [
            Answer("""{"text":"@"}""", "message"),
            Answer("""{"text":"@","thoughtSignature":"QUJD"}""", "message"),
            Answer("""{"text":"@","thought":true}""", "reasoning"),
            Answer("""{"text":"@","thought":true,"thoughtSignature":"QUJD"}""", "reasoning", Fate.Fixed),
            Answer("""{"functionCall":{"name":"f","args":{"a":"@"}}}""", "tool_call"),
            Answer("""{"executableCode":{"code":"@"}}""", "tool_call"),
            new("""{"candidates":[{"content":{"parts":[{"codeExecutionResult":{"output":"@"}}]}}]}""", "tool", "tool_result"),
        ],
        ["response candidates[].finishMessage"] = [new("""{"candidates":[{"finishReason":"OTHER","finishMessage":"@"}]}""", "assistant", "message")],
        ["response candidates[].citationMetadata.citations[].{title,uri}"] =
        [
            new("""{"candidates":[{"citationMetadata":{"citations":[{"startIndex":0,"title":"@"}]}}]}""", "assistant", "document"),
            new("""{"candidates":[{"citationMetadata":{"citationSources":[{"uri":"@"}]}}]}""", "assistant", "document"),
            new("""{"candidates":[{"content":{"parts":[{"text":"MASKME"}]},"citationMetadata":{"citations":[{"startIndex":0,"title":"@"}]}}]}""", "",
                "", Fate.Dropped),
        ],
        ["response candidates[].groundingMetadata.{webSearchQueries[],retrievalQueries[],groundingChunks[].*.{title,text,uri},groundingSupports[].segment.text,searchEntryPoint.renderedContent}"] =
        [
            Grounding("""{"webSearchQueries":["@"]}""", "tool_call"),
            Grounding("""{"retrievalQueries":["@"]}""", "tool_call"),
            Grounding("""{"groundingChunks":[{"web":{"title":"@"}}]}""", "document"),
            Grounding("""{"groundingChunks":[{"retrievedContext":{"text":"@"}}]}""", "document"),
            Grounding("""{"groundingSupports":[{"segment":{"text":"@","endIndex":3}}]}""", "document"),
            Grounding("""{"searchEntryPoint":{"renderedContent":"@"}}""", "document"),
            new("""{"candidates":[{"content":{"parts":[{"text":"MASKME"}]},"groundingMetadata":{"groundingSupports":[{"segment":{"text":"@"}}]}}]}""",
                "", "", Fate.Dropped),
        ],
        ["response candidates[].logprobsResult.*"] =
            [new("""{"candidates":[{"content":{"parts":[{"text":"MASKME"}]},"logprobsResult":{"chosenCandidates":[{"token":"@"}]}}]}""", "", "",
                Fate.Dropped)],
        ["response promptFeedback.blockReasonMessage"] = [new("""{"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"@"}}""", "assistant",
            "message")],
        ["stream same as response, per chunk: candidates[].content.parts[].text"] =
            [Answer("""{"text":"@"}""", "message"), Answer("""{"text":"@","thought":true}""", "reasoning")],
        ["stream candidates[].content.parts[].functionCall.{args,partialArgs}"] =
        [
            Answer("""{"functionCall":{"name":"f","args":{"a":"@"}}}""", "tool_call"),
            Answer("""{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"@","willContinue":true}]}}""", "tool_call"),
        ],
    };

    private static LocationTemplate Part(
        string part,
        string kind,
        Fate fate = Fate.Masked,
        UninspectedKind? uninspected = null,
        string role = "assistant") =>
        new("{\"contents\":[{\"role\":\"model\",\"parts\":[" + part + "]}]}", role, kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Answer(string part, string kind, Fate fate = Fate.Masked) =>
        new("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + part + "]},\"index\":0}]}", "assistant", kind, fate);

    private static LocationTemplate Grounding(string metadata, string kind) =>
        new("{\"candidates\":[{\"groundingMetadata\":" + metadata + "}]}", "assistant", kind);
}
