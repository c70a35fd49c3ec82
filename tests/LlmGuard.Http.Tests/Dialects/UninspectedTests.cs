using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Tests.Client;
using LlmGuard.Http.Tests.Json;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>What nobody can read is reported, and the policy's <c>uninspected</c> decides by kind.</summary>
public sealed class UninspectedTests
{
    private const string Entry = """{ "name": "word", "settings": { "block": "plum" } }""";

    [TestCase("/v1/completions", """{"model":"m","prompt":[1,2,3]}""")]
    [TestCase("/v1/completions", """{"model":"m","prompt":["fine",[1,2]]}""")]
    [TestCase("/openai/deployments/d/completions?api-version=1", """{"prompt":[[1]]}""")]
    [TestCase("/v1/embeddings", """{"model":"m","input":[[1,2],[3]]}""")]
    [TestCase("/v1/chat/completions", """{"messages":[],"prompt_token_ids":[1]}""")]
    public async Task TokenIds_ByDefault_AreRefusedAndPassWhereThePolicySaysSo(string path, string body)
    {
        await using var strict = new GuardedClient(Entry, static _ => RecordingUpstream.Json("{}"));
        await using var lenient =
            new GuardedClient(Entry, static _ => RecordingUpstream.Json("{}"), gateway: """ "uninspected": { "token_ids": "flag" }, """);
        using var refused = await PostAsync(strict, path, body);
        using var passed = await PostAsync(lenient, path, body);

        var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)refused.StatusCode, error["code"]!.GetValue<string>()), Is.EqualTo((403, "guardrail_input_uninspectable")));
            Assert.That(strict.Upstream.Requests, Is.Empty);
            Assert.That((int)passed.StatusCode, Is.EqualTo(200));
            Assert.That(lenient.Upstream.Requests.Single().Body, Is.EqualTo(body));
        }
    }

    [TestCase("image", """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://x.test/a.png"}]}]}""")]
    [TestCase("file", """{"input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}]}""")]
    [TestCase("audio", """{"input":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}}]}]}""")]
    [TestCase("encrypted_reasoning", """{"input":[{"type":"reasoning","encrypted_content":"x"}]}""")]
    [TestCase("server_state", """{"previous_response_id":"r"}""")]
    public async Task OtherKinds_ByDefault_PassFlaggedAndAreRefusedWhereThePolicySaysSo(string kind, string body)
    {
        await using var lenient = new GuardedClient(Entry, static _ => RecordingUpstream.Json("{}"));
        await using var strict =
            new GuardedClient(Entry, static _ => RecordingUpstream.Json("{}"), gateway: $$""" "uninspected": { "{{kind}}": "block" }, """);
        using var passed = await PostAsync(lenient, "/v1/responses", body);
        using var refused = await PostAsync(strict, "/v1/responses", body);

        Assert.That(((int)passed.StatusCode, (int)refused.StatusCode), Is.EqualTo((200, 403)));
    }

    [TestCase("openai.completions", """{"prompt":[]}""")]
    [TestCase("openai.completions", """{"prompt":null,"prompt_token_ids":[]}""")]
    [TestCase("openai.chat_completions", """{"prompt_token_ids":[]}""")]
    [TestCase("openai.responses", """{"previous_response_id":null,"conversation":"","input":[{"type":"reasoning","encrypted_content":""}]}""")]
    public void Nothing_IsNotReported(string dialect, string json) => Assert.That(Reading.Of(json, dialect).Uninspected(), Is.Empty);

    [Test]
    public async Task Rule_WithADialect_ReadsWhatThePathDoesNotTell()
    {
        // Mistral's chat has OpenAI's path; its chunks have their kind only where the policy names it.
        const string Body = """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"a plum"}]}]}]}""";
        const string Reasoning = """{ "name": "word", "kinds": ["reasoning"], "settings": { "block": "plum" } }""";
        const string Rule = """, "rules": [ { "path": "/ask", "dialect": "mistral.chat", "plugin_chain": [ ] } ] """;
        await using var guarded = new GuardedClient(Reasoning, static _ => RecordingUpstream.Json("{}"), more: Rule);
        using var response = await PostAsync(guarded, "/ask", Body);

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(guarded.Log.Notes, Is.EqualTo(new[] { "PreRequest mistral.chat " }));
        Assert.That(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["object"]!.GetValue<string>(), Is.EqualTo("error"));
    }

    private static async Task<HttpResponseMessage> PostAsync(GuardedClient guarded, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await guarded.Client.SendAsync(request);
    }
}
