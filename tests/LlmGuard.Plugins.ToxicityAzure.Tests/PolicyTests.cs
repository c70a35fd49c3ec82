using LlmGuard.FakeClouds.Azure;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>The plugin within a policy, as the guide writes it and as the library does.</summary>
public sealed class PolicyTests
{
    [Test]
    public async Task Policy_InTheGuidesForm_BlocksWith400AndTheConfiguredMessage()
    {
        await using var fake = new FakeAzureContentSafety();
        await fake.StartAsync();
        var folder = fake.Address.AbsoluteUri + "contentsafety/";
        await using var services = Services($$"""
            {
              "path": "/v1/*", "service_id": "s", "methods": ["POST"], "active": true,
              "plugin_chain": [
                {
                  "name": "toxicity_azure", "enabled": true, "stage": "pre_request", "priority": 1, "parallel": false,
                  "settings": {
                    "api_key": "{{FakeAzureContentSafety.Key}}",
                    "endpoints": { "text": "{{folder}}text:analyze?api-version=2024-09-01", "image": "{{folder}}image:analyze?api-version=2024-09-01" },
                    "output_type": "FourSeverityLevels",
                    "content_types": [ { "type": "text", "path": "messages" } ],
                    "category_severity": { "Hate": 2, "Violence": 2, "SelfHarm": 2, "Sexual": 2 },
                    "actions": { "type": "reject", "message": "Flagged: %s" },
                    "allow_private_endpoints": true
                  }
                }
              ]
            }
            """);
        var call = new GuardedCallOptions { Method = "POST", Path = "/v1/chat/completions" };
        var guardrails = services.GetRequiredService<IAiGuardrails>();

        var blocked = await guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text(FakeAzureContentSafety.TriggerOf("Violence")), call, default);
        var clean = await guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("hello"), call, default);

        Assert.That(blocked.Refusal!.StatusCode, Is.EqualTo(400));
        Assert.That(blocked.Refusal.Message, Is.EqualTo("Flagged: Violence"));
        Assert.That(blocked.Refusal.Plugin, Is.EqualTo("toxicity_azure"));
        Assert.That(blocked.Refusal.IsPolicyBlock, Is.True);
        Assert.That(clean.Action, Is.EqualTo(GuardrailAction.Allow));
    }

    [TestCase("""{ "api_key": "k", "endpoint": "https://r.example", "severity": 2 }""", "severity")]
    [TestCase("""{ "api_key": "k", "endpoint": "https://r.example", "category_severity": { "Hate": 5 } }""", "category_severity")]
    [TestCase("""{ "credential": "entra_id", "endpoint": "https://r.example" }""", "AddToxicityAzure")]
    public void Policy_WithSettingsThatCannotBeKept_DoesNotLoad(string settings, string named)
    {
        using var services =
            Services($$"""{ "gateway": { "name": "G", "required_plugins": [ { "name": "toxicity_azure", "settings": {{settings}} } ] } }""");

        Assert.That(
            async () => await services.GetRequiredService<IAiGuardrails>().EvaluateAsync(GuardrailStage.PreRequest, Text("x"), null, default),
            Throws.Exception.With.Message.Contain(named));
    }

    private static GuardrailContent Text(string text) => GuardrailContent.FromText(text, SegmentRole.User);

    private static ServiceProvider Services(string policy)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = policy).AddToxicityAzure();
        return services.BuildServiceProvider();
    }
}
