using System.Net;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.Judges.Tests.Judges;
using LlmGuard.Judges.Tests.Matrix;

namespace LlmGuard.Judges.Tests.Seams;

/// <summary>Bedrock's masks in the answers of a real client's calls.</summary>
public sealed class BedrockMaskTests
{
    private const string Checks = """{ "sensitive_information": { "entities": ["EMAIL"] } }""";

    [Test]
    public async Task PreResponse_SensitiveInformation_ArrivesMasked([Values] bool byChecks, [Values] bool streamed)
    {
        await using var fake = new FakeBedrockRuntime();
        await fake.StartAsync();
        await using var model = new GuardedModel(
            Masking(byChecks), fake.Address, """ "stage": "pre_response", "streaming": { "mode": "buffer" } """, "Please write to a@b.example today");

        var (status, body) = await model.ChatAsync("Whom may I ask?", streamed);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body, Does.Contain("{EMAIL}").And.Contain("today").And.Not.Contain("a@b.example"));
        Assert.That(fake.Violations, Is.Empty);
    }

    [Test]
    public async Task PostRequest_SensitiveInformation_IsNotPassedUnmasked([Values] bool byChecks)
    {
        await using var fake = new FakeBedrockRuntime();
        await fake.StartAsync();
        await using var model = new GuardedModel(Masking(byChecks), fake.Address, """ "stage": "post_request", "on_error": "allow" """, "Paris");

        var (status, body) = await model.ChatAsync("I am a@b.example");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(body, Does.Contain("guardrail_input_uninspectable").And.Not.Contain("Paris"));
    }

    private static JudgeDescriptor Masking(bool byChecks) => BedrockGuardrailJudge.Descriptor with
    {
        Settings = address =>
        {
            var settings = JsonNode.Parse(BedrockGuardrailJudge.Descriptor.Settings(address))!.AsObject();
            settings["pii_action"] = "anonymize";
            if (byChecks)
            {
                settings.Remove("guardrail_id");
                settings["checks"] = JsonNode.Parse(Checks);
            }

            return settings.ToJsonString();
        },
    };
}
