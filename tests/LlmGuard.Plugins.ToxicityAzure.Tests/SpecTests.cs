using System.Collections.Concurrent;
using System.Text.Json;
using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Specs;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>What is asked, and what the fake answers, fits Azure's interface description.</summary>
public sealed class SpecTests
{
    private const string File = "azure-content-safety.2024-09-01.text-slice.json";

    private static readonly Dictionary<string, (string Request, string Response)> Definitions = new()
    {
        ["text:analyze"] = ("AnalyzeTextOptions", "AnalyzeTextResult"),
        ["text:shieldPrompt"] = ("ShieldPromptOptions", "ShieldPromptResult"),
        ["text:detectProtectedMaterial"] = ("DetectTextProtectedMaterialOptions", "DetectTextProtectedMaterialResult"),
    };

    [Test]
    public async Task Exchange_EveryShapeOfRequest_FitsTheDescription()
    {
        var schemas = Definitions.ToDictionary(d => d.Key, d => (Request: Schema(d.Value.Request), Response: Schema(d.Value.Response)));
        var answers = new ConcurrentQueue<string>();
        await using var judged = await Judged.StartAsync();
        judged.Fake.SetBlocklist("rivals", "acme");
        judged.Fake.Faults.Always = Fault.Changed(body =>
        {
            answers.Enqueue(body);
            return body;
        });
        const string all = """ "checks": ["text", "prompt_shields", "protected_material"] """;
        var content = Judged.Texts(
            (SegmentRole.User, SegmentKind.Message, "acme \" \\ < \u0007 😀"),
            (SegmentRole.Tool, SegmentKind.ToolResult, new string('x', 12_000)));

        await judged.JudgeAsync(content, all);
        await judged.JudgeAsync(content, all
            + """, "blocklists": ["rivals"], "halt_on_blocklist_hit": true, "output_type": "EightSeverityLevels", "categories": ["Hate"] """);
        await judged.JudgeAsync(content, all, GuardrailStage.PreResponse);

        Assert.That(judged.Fake.Requests.Select(r => r.Path[15..]).Distinct(), Is.EquivalentTo(Definitions.Keys));
        foreach (var asked in judged.Fake.Requests)
        {
            Assert.That(schemas[asked.Path[15..]].Request.Check(asked.Json()!.Value), Is.Empty, asked.Text);
        }

        foreach (var answer in answers)
        {
            using var document = JsonDocument.Parse(answer);
            Assert.That(schemas.Values.Any(s => s.Response.Check(document.RootElement).Count == 0), Is.True, answer);
        }
    }

    [Test]
    public void Error_OfTheFake_FitsTheDescription()
    {
        var schema = Schema("Azure.Core.Foundations.ErrorResponse");
        foreach (var body in new[] { AzureAnswers.ErrorBody("InvalidRequestBody", "m", "inner"), AzureAnswers.GatewayError(401, "m").Body })
        {
            using var document = JsonDocument.Parse(body);
            Assert.That(schema.Check(document.RootElement), Is.Empty, body);
        }
    }

    private static SpecSchema Schema(string name)
    {
        if (SpecSchema.Find(File, name) is not { } schema)
        {
            Assert.Ignore($"../shared/reference/specs/{File} is not there");
            throw new InvalidOperationException();
        }

        return schema;
    }
}
