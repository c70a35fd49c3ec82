using System.Collections.Concurrent;
using System.Text.Json;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Specs;

namespace LlmGuard.Plugins.ToxicityOpenAI.Tests;

/// <summary>What is asked, and what the fake answers, fits OpenAI's interface description.</summary>
public sealed class SpecTests
{
    private const string File = "openai-moderations.openapi-slice.json";

    [Test]
    public async Task Exchange_EveryShapeOfRequest_FitsTheDescription()
    {
        var request = Schema("CreateModerationRequest");
        var response = Schema("CreateModerationResponse");
        var answers = new ConcurrentQueue<string>();
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Changed(body =>
        {
            answers.Enqueue(body);
            return body;
        });
        var builder = new GuardrailContentBuilder();
        builder.AddText("one", new SegmentInfo());
        await judged.JudgeAsync(builder.Build());
        builder.AddText("two 😀 \" \\ < \u0007", new SegmentInfo());
        await judged.JudgeAsync(builder.Build());
        builder.AddBinary(UninspectedKind.Image, new byte[] { 1, 2, 3 }, "image/jpeg", null, new SegmentInfo());
        await judged.JudgeAsync(builder.Build());
        await judged.JudgeAsync(builder.Build(), """ "model": "text-moderation-stable" """);

        Assert.That(judged.Fake.Requests, Has.Count.EqualTo(5));
        foreach (var asked in judged.Fake.Requests)
        {
            Assert.That(request.Check(asked.Json()!.Value), Is.Empty, asked.Text);
        }

        foreach (var answer in answers.Where(a => !a.Contains("text-moderation", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(answer);
            Assert.That(response.Check(document.RootElement), Is.Empty, answer);
        }
    }

    [TestCase("""{"model":"m"}""")]
    [TestCase("""{"input":1}""")]
    [TestCase("""{"input":[1]}""")]
    [TestCase("""{"input":["a",{"type":"text","text":"b"}]}""")]
    [TestCase("""{"input":[{"type":"audio","text":"b"}]}""")]
    [TestCase("""{"input":[{"type":"image_url","image_url":"https://x"}]}""")]
    [TestCase("""{"input":"a","stream":true}""")]
    public void Check_RequestThatDoesNotFit_IsSeen(string request)
    {
        using var document = JsonDocument.Parse(request);

        Assert.That(Schema("CreateModerationRequest").Check(document.RootElement), Is.Not.Empty);
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
