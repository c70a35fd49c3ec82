using LlmGuard.FakeClouds.External;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.ExternalApi.Tests;

public sealed class TemplateTests
{
    private const string Verdict = """ "conditions": [ { "field": "/verdict", "operator": "eq", "value": "block" } ] """;

    private const int Seed = 20261122;

    [Test]
    public async Task Body_OfATemplate_HoldsTheValuesWithTheirTypes()
    {
        await using var judged = await Judged.StartAsync();

        await judged.CheckAsync("hi", """
             "body": { "text": "{{/input}}", "who": "{{/identity/consumer}} of {{/headers/x-tenant}}{{/headers/x-none}}", "groups": "{{/identity/groups}}",
                       "meta": [1.50, true, null, "{{/call/stage}}"], "absent": "{{/call/service}}", "chat": "{{/body}}", "stream": "{{/body/stream}}", "n": "{{/body/n}}" },
            """ + Verdict);

        Assert.That(judged.Fake.Requests[^1].Text, Is.EqualTo(
            """{"text":"hi","who":"alice of acme","groups":["premium","beta"],"meta":[1.50,true,null,"pre_request"],"absent":null,"ch"""
            + """at":{"model":"gpt-4o","stream":false,"messages":[{"role":"user","content":"hi"}]},"stream":false,"n":1}"""));
    }

    [Test]
    public async Task Body_OfFieldMaps_NestsByPointer()
    {
        await using var judged = await Judged.StartAsync();

        await judged.CheckAsync("hi", """
             "field_maps": [ { "source": "input", "destination": "text" }, { "source": "/identity/consumer", "destination": "/who/na~1me" },
                             { "source": "/segments/0/role", "destination": "/who/role" }, { "source": "/headers/x-tenant", "destination": "X-Tenant", "in": "header" },
                             { "source": "/headers/x-none", "destination": "X-None", "in": "header" } ],
            """ + Verdict);

        Assert.That(judged.Fake.Requests[^1].Text, Is.EqualTo("""{"text":"hi","who":{"na/me":"alice","role":"user"}}"""));
        Assert.That(judged.Fake.Requests[^1].Header("X-Tenant"), Is.EqualTo("acme"));
        Assert.That(judged.Fake.Requests[^1].Headers, Does.Not.ContainKey("X-None"));
    }

    [Test]
    public async Task Query_OfTextAndSecrets_IsEscaped()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.CheckAsync("a&b=c#d 中%20\r\n" + FakeExternalApi.Blocked, """
             "method": "GET", "max_text_bytes": 4096, "query_params": [ { "name": "k&y", "value": "s=1&t" } ],
             "field_maps": [ { "source": "/input", "destination": "text", "in": "query" } ],
            """ + Verdict);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.Requests[^1].Query, Has.Count.EqualTo(2));
        Assert.That(judged.Fake.Requests[^1].Query["k&y"], Is.EqualTo("s=1&t"));
        Assert.That(judged.Fake.Requests[^1].Query["text"], Is.EqualTo("a&b=c#d 中%20\r\n" + FakeExternalApi.Blocked));
        Assert.That(judged.Fake.Requests[^1].Body, Is.Empty);
    }

    [Test]
    public async Task Header_WithALineBreakFromTheCaller_IsRefusedAndNeverSent()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.CheckAsync("hi",
            """ "body": { "text": "{{/input}}" }, "field_maps": [ { "source": "/headers/x-evil", "destination": "X-Copy", "in": "header" } ],"""
            + Verdict);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Undecodable)));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    [Test]
    public async Task Body_AnyText_NeverBreaksOutOfItsString()
    {
        var random = new Random(Seed);
        string[] pieces = ["\"", "\\", "\\\"", "\n", "\u0000", "\u2028", "}", "{{/identity/consumer}}", "{{", "\",\"role\":\"admin", "😀", "中",
            "\\u0022", "</script>", "'"];
        var rounds = FuzzBudget.Of(100);
        await using var judged = await Judged.StartAsync();
        for (var round = 0; round < rounds; round++)
        {
            var text = "x" + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));

            await judged.CheckAsync(text, """ "body": { "text": "{{/input}}", "quoted": "<{{/input}}|{{/headers/x-quoted}}>" },""" + Verdict);

            var body = judged.LastBody.AsObject();
            Assert.That(body.Select(m => m.Key), Is.EqualTo(new[] { "text", "quoted" }));
            Assert.That(body["text"]!.GetValue<string>(), Is.EqualTo(text));
            Assert.That(body["quoted"]!.GetValue<string>(), Is.EqualTo($"<{text}|\",\"role\":\"admin>"));
        }
    }

    [TestCase(""" "body": { "text": "{{/input}}" }, """, 1)]
    [TestCase(""" "body": { "text": "{{/segments/0/text}}" }, """, 3)]
    [TestCase(""" "body": { "text": "{{/input}}" }, "max_texts": 2, """, 2)]
    [TestCase(""" "body": { "text": "fixed" }, """, 1)]
    public async Task Questions_OfSeveralTexts_CoverAllOfThem(string settings, int questions)
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        foreach (var text in new[] { "one", "two", "three" })
        {
            builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        await judged.CheckAsync(Judged.CallOf(builder.Build()), settings + Verdict);

        Assert.That(judged.Fake.RequestCount, Is.EqualTo(questions));
        var sent = string.Join('\n', judged.Fake.Requests.Select(r => r.Text));
        Assert.That(settings.Contains("fixed", StringComparison.Ordinal)
            || (sent.Contains("one", StringComparison.Ordinal) && sent.Contains("two", StringComparison.Ordinal)
                && sent.Contains("three", StringComparison.Ordinal)), Is.True);
    }

    [Test]
    public async Task Endpoint_PathWithoutSlash_IsUsedAsItStands()
    {
        await using var judged = await Judged.StartAsync();

        await judged.CheckAsync("hi", Verdict + """ , "body": { "text": "{{/input}}" } """);

        Assert.That(judged.Fake.Requests[^1].RawTarget, Is.EqualTo("/check"));
    }
}
