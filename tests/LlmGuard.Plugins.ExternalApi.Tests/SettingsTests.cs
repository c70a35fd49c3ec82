using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ExternalApi.Tests;

public sealed class SettingsTests
{
    private const string Condition = """ "conditions": [ { "field": "/verdict", "operator": "eq", "value": "block" } ] """;

    [TestCase("")]
    [TestCase(""" "protocol": "webhook", "reasons": ["pii", "a.b-c_1"], "show_message": true, "actions": { "message": "No: %s" } """)]
    [TestCase(""" "headers": { "X-Key": "k", "Content-Type": "application/json" }, "query_params": [ { "name": "v", "value": "1" } ] """)]
    [TestCase(""" "signing": { "secret": "0123456789abcdef" }, "max_text_bytes": 256, "max_texts": 1, "cache": { "lifetime": "1m" } """)]
    [TestCase(Condition)]
    [TestCase(""" "method": "GET", "max_text_bytes": 4096, "field_maps": [ { "source": "/input", "destination": "q", "in": "query" } ],"""
        + Condition)]
    [TestCase(""" "field_maps": [ { "source": "input", "destination": "text" }, { "source": "/identity/consumer", "destination": "/who/name" }, { "source": "/identity/groups", "destination": "/who/groups" } ],""" + Condition)]
    [TestCase(""" "body": { "a": [1, "{{/input}}", "x {{ /identity/consumer }} y", null, true], "b": "{{/headers/x-tenant}}", "c": "{{/body}}" },"""
        + Condition)]
    [TestCase(""" "conditions": [ { "field": "a.b", "operator": "gt", "value": 0.5, "stop_flow": false, "message": "m" }, { "field": "$status", "operator": "in", "value": [200, 206] } ] """)]
    [TestCase(""" "conditions": [ { "name": "x", "field": "/a/*/b", "operator": "matches", "value": "(?i)bad", "action": "block", "status_code": 451 } ] """)]
    [TestCase(""" "protocol": "custom", "masks": { "spans": "/entities", "start": "/from", "length": "/size", "unit": "utf16" } """)]
    [TestCase(""" "protocol": "custom", "masks": { "text": "/redacted" } """)]
    [TestCase(""" "statuses": [ { "status": "422", "means": "block" }, { "status": "404", "means": "allow" }, { "status": "5xx", "means": "error" }, { "status": "4xx", "means": "answer" } ] """)]
    public void Create_GoodSettings_AreRead(string more) => Assert.That(Problems(more), Is.Empty);

    [TestCase(""" "protocol": "soap" """, "protocol")]
    [TestCase(""" "protocol": "custom" """, "conditions")]
    [TestCase(""" "method": "HEAD" """, "method")]
    [TestCase(""" "body": { "x": "{{/input}}" } """, "body")]
    [TestCase(""" "show_message": true,""" + Condition, "show_message")]
    [TestCase(""" "headers": { "X-A": "a\r\nX-B: b" } """, "headers")]
    [TestCase(""" "headers": { "X A": "a" } """, "headers")]
    [TestCase(""" "headers": { "Host": "a" } """, "headers")]
    [TestCase(""" "headers": { "X-Guardrail-Signature": "a" } """, "headers")]
    [TestCase(""" "headers": { "X-A": 1 } """, "headers")]
    [TestCase(""" "headers": { "X-A": "1", "x-a": "2" } """, "headers")]
    [TestCase(""" "query_params": [ { "value": "1" } ] """, "name")]
    [TestCase(""" "signing": { "secret": "short" } """, "secret")]
    [TestCase(""" "signing": { } """, "secret")]
    [TestCase(""" "body": "{{/nowhere}}",""" + Condition, "body")]
    [TestCase(""" "body": "{{/input",""" + Condition, "body")]
    [TestCase(""" "body": { "{{/input}}": 1 },""" + Condition, "body")]
    [TestCase(""" "body": "x {{/segments}}",""" + Condition, "body")]
    [TestCase(""" "body": "{{/segments/1/text}}",""" + Condition, "body")]
    [TestCase(""" "body": "{{/headers/Authorization}}",""" + Condition, "body")]
    [TestCase(""" "field_maps": [ { "source": "messages", "destination": "x" } ],""" + Condition, "source")]
    [TestCase(""" "field_maps": [ { "source": "/segments", "destination": "x", "in": "query" } ],""" + Condition, "source")]
    [TestCase(""" "field_maps": [ { "source": "/input", "destination": "Host", "in": "header" } ],""" + Condition, "destination")]
    [TestCase(""" "field_maps": [ { "source": "/input", "destination": "q", "in": "query" } ],""" + Condition, "max_text_bytes")]
    [TestCase(""" "field_maps": [ { "source": "/input", "destination": "/a" }, { "source": "/input", "destination": "/a/b" } ],""" + Condition,
        "field_maps")]
    [TestCase(""" "field_maps": [ { "source": "/input", "destination": "a" }, { "source": "/input", "destination": "a" } ],""" + Condition,
        "field_maps")]
    [TestCase(""" "field_maps": [ { "source": "/input", "destination": "a" } ], "body": {},""" + Condition, "field_maps")]
    [TestCase(""" "method": "GET", "body": {},""" + Condition, "method")]
    [TestCase(""" "cache": { "lifetime": "1m" }, "field_maps": [ { "source": "/identity/consumer", "destination": "X-A", "in": "header" } ],"""
        + Condition, "cache")]
    [TestCase(""" "conditions": [ { "operator": "exists" } ] """, "field")]
    [TestCase(""" "conditions": [ { "field": "a" } ] """, "operator")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "like", "value": 1 } ] """, "operator")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "eq" } ] """, "value")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "eq", "value": [1] } ] """, "value")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "gt", "value": "1" } ] """, "value")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "in", "value": [] } ] """, "value")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "in", "value": [1, "a"] } ] """, "value")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "matches", "value": "(" } ] """, "value")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "matches", "value": "x*" } ] """, "value")]
    [TestCase(""" "conditions": [ { "field": "a..b", "operator": "exists" } ] """, "field")]
    [TestCase(""" "conditions": [ { "field": "/a~2", "operator": "exists" } ] """, "field")]
    [TestCase(""" "conditions": [ { "field": "$status", "operator": "matches", "value": "2" } ] """, "operator")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "exists", "stop_flow": true, "action": "flag" } ] """, "stop_flow")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "exists", "action": "mask" } ] """, "masks")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "exists", "status_code": 500 } ] """, "status_code")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "exists", "action": "flag", "status_code": 422 } ] """, "status_code")]
    [TestCase(""" "conditions": [ { "field": "a", "operator": "exists", "action": "allow", "message": "m" } ] """, "message")]
    [TestCase(""" "actions": { "message": "m" }, "conditions": [ { "field": "a", "operator": "exists", "action": "flag" } ] """, "actions.message")]
    [TestCase(""" "actions": { "message": "m" }, "conditions": [ { "field": "a", "operator": "exists", "message": "n" } ] """, "actions.message")]
    [TestCase(""" "method": "GET" """, "method")]
    [TestCase(""" "body": { "who": "{{/identity/consumer}}" }, "max_texts": 2,""" + Condition, "max_texts")]
    [TestCase(""" "body": { "who": "{{/identity/consumer}}" }, "max_text_bytes": 512,""" + Condition, "max_text_bytes")]
    [TestCase(""" "body": { "who": "{{/identity/consumer}}" }, "masks": { "spans": "/s" },""" + Condition, "masks")]
    [TestCase(""" "body": { "one": "{{/segments/0/text}}" }, "max_texts": 2,""" + Condition, "max_texts")]
    [TestCase(""" "conditions": [ { "name": "n", "field": "a", "operator": "exists" }, { "name": "n", "field": "b", "operator": "exists" } ] """,
        "conditions")]
    [TestCase(""" "protocol": "custom", "masks": { } """, "spans")]
    [TestCase(""" "protocol": "custom", "masks": { "text": "/a", "unit": "bytes" } """, "unit")]
    [TestCase(""" "protocol": "custom", "masks": { "spans": "/a", "end": "/e", "length": "/l" } """, "length")]
    [TestCase(""" "statuses": [ { "status": "600", "means": "block" } ] """, "status")]
    [TestCase(""" "statuses": [ { "status": "503", "means": "allow" } ] """, "means")]
    [TestCase(""" "statuses": [ { "status": "429", "means": "allow" } ] """, "means")]
    [TestCase(""" "statuses": [ { "status": "200", "means": "error" } ] """, "means")]
    [TestCase(""" "statuses": [ { "status": "404", "means": "allow" }, { "status": "404", "means": "block" } ] """, "status")]
    [TestCase(""" "reasons": ["two words"] """, "reasons")]
    [TestCase(""" "unknown": 1 """, "unknown")]
    public void Create_BadSettings_NameTheKey(string more, string key) => Assert.That(Problems(more).Select(p => p.Path), Has.Some.Contains(key));

    [Test]
    public void Create_NoEndpoint_IsRefused() => Assert.That(Judged.ProblemsOf("{ }").Select(p => p.Path), Has.Some.Contains("endpoint"));

    [Test]
    public void Create_BadSettings_NeverQuoteSecrets() =>
        Assert.That(
            Problems(""" "headers": { "X-A": "SECRET-1\n", "Host": "SECRET-2" }, "signing": { "secret": "SECRET-3" }, "query_params": [ { "name": "", "value": "SECRET-4" } ] """).Select(p => p.ToString()),
            Has.None.Contains("SECRET").And.Not.Empty);

    [Test]
    public async Task Policy_TheGuidesForm_LoadsFromJson()
    {
        // As in the plugin guide: dotted field, stop_flow, timeout as a duration, the source "input".
        await using var services = ServicesFor("""
            { "gateway": { "name": "G", "required_plugins": [ { "name": "external_api", "enabled": true, "stage": "pre_request", "priority": 1, "settings": {
                "endpoint": "https://validator.example/v1/check", "method": "POST", "headers": { "Content-Type": "application/json", "X-Api-Key": { "$secret": "Key" } },
                "query_params": [ { "name": "mode", "value": "strict" } ], "timeout": "5s",
                "field_maps": [ { "source": "input", "destination": "text" } ],
                "conditions": [ { "field": "result.blocked", "operator": "eq", "value": true, "stop_flow": true, "message": "Refused." } ] } } ] } }
            """);

        Assert.That(() => services.GetRequiredService<IAiGuardrails>(), Throws.Nothing);
    }

    [Test]
    public async Task Policy_TemplateFromConfiguration_IsRefusedWithTheRemedy()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AiGuardrails:gateway:required_plugins:0:name"] = "external_api",
            ["AiGuardrails:gateway:required_plugins:0:settings:endpoint"] = "https://validator.example/",
            ["AiGuardrails:gateway:required_plugins:0:settings:body:text"] = "{{/input}}",
            ["AiGuardrails:gateway:required_plugins:0:settings:conditions:0:field"] = "a",
            ["AiGuardrails:gateway:required_plugins:0:settings:conditions:0:operator"] = "gt",
            ["AiGuardrails:gateway:required_plugins:0:settings:conditions:0:value"] = "0.5",
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddAiGuardrails().AddExternalApi();
        await using var provider = services.BuildServiceProvider();

        Assert.That(
            async () =>
                await provider.GetRequiredService<IAiGuardrails>()
                .EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("x", SegmentRole.User)),
            Throws.Exception.With.Message.Contains("settings.body").And.Message.Contains("use a policy file or code")
                .And.Message.Not.Contains("conditions"));
    }

    [Test]
    public void Metadata_SaysWhatItDoes()
    {
        using var services = Judged.Services();
        var metadata = services.GetServices<IGuardrailPlugin>().Single().Metadata;

        Assert.That(metadata.Name, Is.EqualTo("external_api"));
        Assert.That(metadata.SendsContentOut && metadata.Rewrites, Is.True);
        Assert.That(metadata.DefaultStatusCode, Is.EqualTo(422));
        Assert.That(metadata.Needs, Is.EqualTo(GuardrailNeeds.Content), "headers and queries are sent only where a template names them");
    }

    private static IReadOnlyList<SettingsProblem> Problems(string more)
    {
        using var services = Judged.Services();
        var settings = GuardrailSettings.Parse($$"""{ "endpoint": "https://validator.example/v1/check"{{(more.Length == 0 ? "" : "," + more)}} }""");
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        settings.ReportUnread();
        return settings.Problems;
    }

    private static ServiceProvider ServicesFor(string policy)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AiGuardrails:Secrets:Key"] = "k" }).Build());
        services.AddAiGuardrails(options => options.PolicyJson = policy).AddExternalApi();
        return services.BuildServiceProvider();
    }
}
