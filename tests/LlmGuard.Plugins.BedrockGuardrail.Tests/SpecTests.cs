using System.Collections.Concurrent;
using System.Text.Json;
using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

/// <summary>What is asked, and what the fake answers, fits the official model.</summary>
public sealed class SpecTests
{
    private const string Apply = "bedrock-applyguardrail.botocore-slice.json";

    private const string Checks = "bedrock-invokeguardrailchecks.botocore-slice.json";

    [Test]
    public async Task Apply_EveryShape_FitsTheModel()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("two 😀 \" \\ < \u0007 FAKE-TOPIC FAKE-HATE FAKE-WORD FAKE-PROFANITY a@b.cc 123-45-6789 TCK-1234 FAKE-CLAIM",
            new SegmentInfo { Kind = SegmentKind.Message });
        builder.AddText("sources say this", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        builder.AddText("a source", new SegmentInfo { Kind = SegmentKind.Document });
        builder.AddBinary(UninspectedKind.Image, new byte[] { 0xFF, 0xD8, 0xFF }, "image/jpeg", null, new SegmentInfo());
        var content = builder.Build();

        await AssertFitsAsync(Apply, "ApplyGuardrail", async judged =>
        {
            await judged.JudgeAsync("clean");
            await judged.JudgeAsync("a@b.cc and TCK-1234", """ "pii_action": "anonymize" """);
            await judged.JudgeAsync(content, """ "images": true """);
            await judged.JudgeAsync(
                GuardrailContent.FromText("an answer", SegmentRole.Assistant), """ "grounding": { } """, GuardrailStage.PreResponse, content);
        });
    }

    [Test]
    public Task Checks_EveryShape_FitsTheModel() => AssertFitsAsync(Checks, "InvokeGuardrailChecks", async judged =>
    {
        var evaluator = judged.Create(operation: """ "checks": { "content_filter": { "HATE": 0.5 }, "prompt_attack": { "PROMPT_LEAKAGE": 0.5 }, "sensitive_information": { } } """);
        await evaluator.EvaluateAsync(Judged.Call(GuardrailContent.FromText("a@b.cc FAKE-HATE \u0007", SegmentRole.User)), default);
    });

    [TestCase("""{"content":[{"text":{"text":"a"}}]}""")]
    [TestCase("""{"source":"BOTH","content":[{"text":{"text":"a"}}]}""")]
    [TestCase("""{"source":"INPUT","content":{"text":"a"}}""")]
    [TestCase("""{"source":"INPUT","content":[{"text":"a"}]}""")]
    [TestCase("""{"source":"INPUT","content":[{"text":{"text":"a"},"image":{"format":"png","source":{"bytes":"AA=="}}}]}""")]
    [TestCase("""{"source":"INPUT","content":[{"image":{"format":"gif","source":{"bytes":"AA=="}}}]}""")]
    [TestCase("""{"source":"INPUT","content":[{"image":{"format":"png","source":{"bytes":"*"}}}]}""")]
    [TestCase("""{"source":"INPUT","content":[{"text":{"text":"a","qualifiers":["guard"]}}]}""")]
    [TestCase("""{"source":"INPUT","content":[{"text":{"text":"a"}}],"outputScope":"SOME"}""")]
    [TestCase("""{"source":"INPUT","content":[{"text":{"text":"a"}}],"guardrailIdentifier":"abc"}""")]
    public void Read_RequestThatDoesNotFit_IsRefusedByModelAndFake(string request)
    {
        using var document = JsonDocument.Parse(request);

        Assert.That(() => ApplyGuardrailRequest.Read(document.RootElement), Throws.TypeOf<ModelException>());
        Assert.That(Model(Apply).Check("ApplyGuardrailRequest", document.RootElement), Is.Not.Empty);
    }

    private static async Task AssertFitsAsync(string file, string operation, Func<Judged, Task> ask)
    {
        var model = Model(file);
        var answers = new ConcurrentQueue<string>();
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Changed(body =>
        {
            answers.Enqueue(body);
            return body;
        });

        await ask(judged);

        Assert.That(judged.Fake.Violations, Is.Empty);
        Assert.That(answers, Is.Not.Empty);
        foreach (var asked in judged.Fake.Requests)
        {
            Assert.That(model.Check(operation + "Request", asked.Json()!.Value), Is.Empty, asked.Text);
        }

        foreach (var answer in answers)
        {
            using var document = JsonDocument.Parse(answer);
            Assert.That(model.Check(operation + "Response", document.RootElement), Is.Empty, answer);
        }
    }

    private static BotocoreModel Model(string file)
    {
        if (BotocoreModel.Find(file) is not { } model)
        {
            Assert.Ignore($"../shared/reference/specs/{file} is not there");
            throw new InvalidOperationException();
        }

        return model;
    }
}
