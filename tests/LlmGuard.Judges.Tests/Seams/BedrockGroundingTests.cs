using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.Judges.Tests.Judges;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Seams;

/// <summary>Answers are checked against the documents of the conversation they belong to, through a real client.</summary>
public sealed class BedrockGroundingTests
{
    [TestCase("The capital of France is Paris.", HttpStatusCode.OK)]
    [TestCase("The capital question: certainly Berlin, without doubt, yesterday already, forever.", HttpStatusCode.Forbidden)]
    public async Task PreResponse_Answer_IsCheckedAgainstTheToolsResults(string answer, HttpStatusCode expected)
    {
        await using var fake = new FakeBedrockRuntime();
        await fake.StartAsync();
        var settings = JsonNode.Parse(BedrockGuardrailJudge.Descriptor.Settings(fake.Address))!;
        settings["allow_private_endpoints"] = true;
        settings["grounding"] = new JsonObject { ["required"] = true };
        var policy =
            JsonNode.Parse("""{ "gateway": { "name": "G", "required_plugins": [ { "name": "bedrock_guardrail", "stage": "pre_response" } ] } }""")!;
        policy["gateway"]!["required_plugins"]![0]!["settings"] = settings;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = policy.ToJsonString()).AddBedrockGuardrail();
        using var model = new GuardedModel.ModelHandler(answer);
        services.AddHttpClient("llm", client => client.BaseAddress = new Uri("https://model.example")).AddAiGuardrails()
            .ConfigurePrimaryHttpMessageHandler(() => model);
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        using var content = new StringContent(
            """
            { "model": "gpt-4o", "stream": false, "messages": [
              { "role": "user", "content": "What is the capital of France?" },
              { "role": "assistant", "tool_calls": [ { "id": "c1", "type": "function", "function": { "name": "look_up", "arguments": "{}" } } ] },
              { "role": "tool", "tool_call_id": "c1", "content": "Paris is the capital city of France." } ] }
            """,
            Encoding.UTF8,
            "application/json");

        using var response = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That(fake.Requests.Select(r => r.Text), Has.Some.Contains("grounding_source").And.Some.Contains("What is the capital of France?"));
        Assert.That(fake.Violations, Is.Empty);
    }
}
