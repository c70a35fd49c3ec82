using System.Text;

namespace LlmGuard.Tool.Tests;

public class ScanTests
{
    [Test]
    public async Task Scan_TextWithEmoji_ShowsPlacesInCodePointsAndTheMaskedText()
    {
        using var run = new ToolRun();

        var code = await run.RunAsync("Hi 😀, mail bob@example.com!", "scan", "--policy", run.File("policy.json", ToolRun.Masking));

        Assert.That(run.Output, Is.EqualTo("""
            action: modify
            findings:
              11-26        data_masking  email  email  confidence 0.85
            text:
            Hi 😀, mail bob@example.com!
            after edits:
            Hi 😀, mail [MASKED_EMAIL]!

            """));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public async Task Scan_HarmlessText_AnswersZero()
    {
        using var run = new ToolRun();

        var code = await run.RunAsync("nothing here", "scan", "--policy", run.File("policy.json", ToolRun.Masking));

        Assert.That(run.Output, Is.EqualTo("action: allow\nfindings: none\ntext:\nnothing here\n"));
        Assert.That(code, Is.Zero);
    }

    [Test]
    public async Task Scan_TextThatEndsALine_AddsNoEmptyOne()
    {
        using var run = new ToolRun();

        await run.RunAsync("nothing\nhere\n", "scan", "--policy", run.File("policy.json", ToolRun.Masking));

        Assert.That(run.Output, Does.EndWith("text:\nnothing\nhere\n").And.Not.EndWith("\n\n"));
    }

    [Test]
    public async Task Scan_BlockedText_ShowsTheRefusal()
    {
        using var run = new ToolRun();

        var code = await run.RunAsync("all about project bluebird", "scan", "--policy", run.File("policy.json", ToolRun.Both));

        Assert.That(run.Lines[..2], Is.EqualTo(new[] { "action: block",
            "refused by prompt_moderation with status 403: The content was blocked by a moderation rule." }));
        Assert.That(run.Output, Does.Contain("  10-26        prompt_moderation  keywords[0]  keyword  confidence 1"));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public async Task Scan_ColorAlways_MarksExactlyTheSpan()
    {
        using var run = new ToolRun();

        await run.RunAsync("to bob@example.com now", "scan", "--policy", run.File("policy.json", ToolRun.Masking), "--color", "always");

        Assert.That(run.Output, Does.Match("\nto \u001B\\[[0-9;]+mbob@example\\.com\u001B\\[0m now\n"));
    }

    [Test]
    public async Task Scan_TextWithEscapeSequences_NeverReachTheTerminal()
    {
        using var run = new ToolRun();

        await run.RunAsync("a\u001B]0;owned\u0007b\u202Ec\u200Bd", "scan", "--policy", run.File("policy.json", ToolRun.Masking));

        Assert.That(run.Output, Does.Contain("a<U+001B>]0;owned<U+0007>b<U+202E>c<U+200B>d"));
        Assert.That(run.Output, Does.Not.Contain("\u001B").And.Not.Contain("\u202E"));
    }

    [Test]
    public async Task Scan_GzippedText_IsUnpacked()
    {
        using var run = new ToolRun();

        var code = await run.RunAsync(ToolRun.Gzip("to bob@example.com"u8.ToArray()), ["scan", "--policy", run.File("policy.json", ToolRun.Masking)]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("[MASKED_EMAIL]"));
    }

    [Test]
    public async Task Scan_InvalidUtf8_IsUnreadable()
    {
        using var run = new ToolRun();

        var code = await run.RunAsync([0x61, 0xFF], ["scan", "--policy", run.File("policy.json", ToolRun.Masking)]);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Is.EqualTo($"llmguard: standard input: the text is not valid UTF-8.{Environment.NewLine}"));
    }

    [Test]
    public async Task Scan_EntriesOfARuleOnly_AsksForThePath()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", """{"path":"/test","plugin_chain":[{"name":"data_masking","settings":{"apply_all":true}}]}""");

        var without = await run.RunAsync("bob@example.com", "scan", "--policy", file);
        Assert.That(run.Error, Does.Contain("No entry of the policy applies at pre_request to this call (no rule applies without --path)"));
        var with = await run.RunAsync("bob@example.com", "scan", "--policy", file, "--path", "/test");

        Assert.That((without, with), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task Scan_OnlyMonitoringEntries_IsRefusedRatherThanAllowed()
    {
        using var run = new ToolRun();
        var file =
            run.File("policy.json", """{"gateway":{"required_plugins":[{"name":"data_masking","mode":"monitor","settings":{"apply_all":true}}]}}""");

        var code = await run.RunAsync("bob@example.com", "scan", "--policy", file);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("monitor mode"));
    }

    [Test]
    public async Task Scan_RoleTheEntryDoesNotJudge_IsAllowed()
    {
        using var run = new ToolRun();
        var file =
            run.File("policy.json", """{"gateway":{"required_plugins":[{"name":"data_masking","roles":["tool"],"settings":{"apply_all":true}}]}}""");

        var user = await run.RunAsync("bob@example.com", "scan", "--policy", file);
        var tool = await run.RunAsync("bob@example.com", "scan", "--policy", file, "--role", "tool");

        Assert.That((user, tool), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Scan_SizeLimitUnderAPath_MeasuresTheText()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json",
            """{"path":"/test","plugin_chain":[{"name":"request_size_limiter","settings":{"allowed_payload_size":1,"size_unit":"kilobytes"}}]}""");

        var code = await run.RunAsync(new string('x', 5000), "scan", "--policy", file, "--path", "/test");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(run.Lines[0], Is.EqualTo("action: block"));
    }

    [TestCase("scan")]
    [TestCase("scan --policy p.json --stage post_response")]
    [TestCase("scan --policy p.json --parallel 0")]
    [TestCase("scan --policy p.json --seam nowhere")]
    [TestCase("eval --policy p.json")]
    [TestCase("eval --policy p.json d.jsonl --min-f1 2")]
    [TestCase("eval --policy p.json d.jsonl --positive allow")]
    [TestCase("nonsense")]
    [TestCase("validate")]
    public async Task AnyCommand_WrongUsage_AnswersTwoAndSaysWhy(string line)
    {
        using var run = new ToolRun();

        var code = await run.RunAsync("", line.Split(' '));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("llmguard: ").And.Contain("Try 'llmguard --help'."));
    }

    [Test]
    public async Task Jsonl_Rows_GiveOneObjectEachInOrder()
    {
        using var run = new ToolRun();
        var input = """
            {"id":1,"text":"😀 to bob@example.com"}
            {"id":"b","text":"project bluebird"}

            {"text":"fine","role":"tool","other":{"x":[1]}}
            """;

        var code = await run.RunAsync(input, "scan", "--jsonl", "--policy", run.File("policy.json", ToolRun.Both));

        Assert.That(run.Lines, Is.EqualTo(new[]
        {
            """{"id":1,"action":"modify","text":"\uD83D\uDE00 to [MASKED_EMAIL]","findings":[{"plugin":"data_masking","rule":"email","type":"email","start":5,"end":20,"confidence":0.85}]}""",
            """{"id":"b","action":"block","text":"project bluebird","findings":[{"plugin":"prompt_moderation","rule":"keywords[0]","type":"keyword","start":0,"end":16,"confidence":1}],"refusal":{"status":403,"code":"prompt_moderation"}}""",
            """{"id":null,"action":"allow","text":"fine","findings":[]}""",
        }));
        Assert.That(code, Is.Zero, run.Error);
    }

    [TestCase("""{"id":"c","text":5}""", "\"c\"", "$.text: expected a string, found a number")]
    [TestCase("""{"id":"c"}""", "\"c\"", "$.text: is required: a string")]
    [TestCase("""{"id":"c","text":"a","text":"b"}""", "\"c\"", "$.text: stands twice")]
    [TestCase("""{"id":"c","id":"d","text":"a"}""", "\"c\"", "$.id: stands twice")]
    [TestCase("""{"id":[],"text":"a"}""", "null", "$.id: expected a string or a number, found an array")]
    [TestCase("""{"id":"c","text":"hush \ud800"}""", "\"c\"", "$.text: holds a lone surrogate")]
    [TestCase("""{"text":"a","role":7}""", "null", "$.role: expected a string, found a number")]
    [TestCase("""["hush"]""", "null", "$: expected an object, found an array")]
    [TestCase("""{"text":"a"} {"text":"b"}""", "null", "$: not valid JSON at byte 14")]
    [TestCase("""{"text":"hush""", "null", "$: not valid JSON at byte 9")]
    public async Task Jsonl_MalformedLine_GivesAnErrorThatQuotesNothingAndTheRunGoesOn(string line, string id, string problem)
    {
        using var run = new ToolRun();

        var code = await run.RunAsync(
            $"{{\"text\":\"first\"}}\n{line}\n{{\"text\":\"last\"}}\n", "scan", "--jsonl", "--policy", run.File("policy.json", ToolRun.Masking));

        Assert.That(run.Lines, Has.Length.EqualTo(3));
        Assert.That(run.Lines[1], Is.EqualTo($$"""{"id":{{id}},"action":"error","line":2,"error":"{{problem}}","findings":[]}"""));
        Assert.That(run.Lines[2], Does.Contain("last"));
        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Output + run.Error, Does.Not.Contain("hush"));
    }

    [Test]
    public async Task Jsonl_InvalidUtf8_IsAnErrorOfTheLine()
    {
        using var run = new ToolRun();
        byte[] input = [.. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}\n{\"text\":\"ok\"}"u8];

        var code = await run.RunAsync(input, ["scan", "--jsonl", "--policy", run.File("policy.json", ToolRun.Masking)]);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Lines[0], Does.Contain("$: not valid UTF-8"));
        Assert.That(run.Lines[1], Does.Contain("\"allow\""));
    }

    [Test]
    public async Task Jsonl_EntryAfterAnEdit_GivesOffsetsOfTheTextAsItWas()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", """
            {"gateway":{"required_plugins":[
              {"name":"data_masking","priority":1,"settings":{"rules":[{"pattern":"secret_key","type":"keyword","mask_with":"[X]"}],"predefined_entities":[]}},
              {"name":"prompt_moderation","priority":2,"settings":{"keywords":["bluebird"],"similarity_threshold":1,"actions":{"type":"mask"}}},
              {"name":"data_masking","priority":3,"settings":{"predefined_entities":[{"entity":"email"}]}}]}}
            """);

        await run.RunAsync("""{"text":"ä secret_key bluebird bob@example.com"}""", "scan", "--jsonl", "--policy", file);

        Assert.That(run.Lines[0], Does.Contain("\"text\":\"ä [X] [MASKED] [MASKED_EMAIL]\""));
        Assert.That(
            run.Lines[0], Does.Contain("\"start\":2,\"end\":12").And.Contain("\"start\":13,\"end\":21").And.Contain("\"start\":22,\"end\":37"));
    }

    [TestCase(1)]
    [TestCase(7)]
    public async Task Jsonl_ManyRowsInParallel_KeepTheirOrder(int degree)
    {
        using var run = new ToolRun();
        var input = new StringBuilder();
        const int Count = 20_000;
        for (var i = 0; i < Count; i++)
        {
            input.Append($$"""{"id":{{i}},"text":"{{new string('x', i * 7919 % 97)}} user{{i}}@example.com"}""").Append('\n');
        }

        var code =
            await run.RunAsync(input.ToString(), "scan", "--jsonl", "--parallel", $"{degree}", "--policy", run.File("policy.json", ToolRun.Masking));

        Assert.That(code, Is.Zero, run.Error);
        Assert.That(run.Lines, Has.Length.EqualTo(Count));
        Assert.That(
            run.Lines.Index().Where(l => !l.Item.StartsWith($"{{\"id\":{l.Index},\"action\":\"modify\"", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Jsonl_Gzipped_IsUnpacked()
    {
        using var run = new ToolRun();

        var code = await run.RunAsync(ToolRun.Gzip("{\"text\":\"a\"}\r\n{\"text\":\"b\"}"u8.ToArray()),
            ["scan", "--jsonl", "--policy", run.File("policy.json", ToolRun.Masking)]);

        Assert.That(code, Is.Zero, run.Error);
        Assert.That(run.Lines, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Jsonl_DamagedGzip_IsUnreadable()
    {
        using var run = new ToolRun();
        var packed = ToolRun.Gzip("{\"text\":\"aaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbb\"}"u8.ToArray());
        packed[12] ^= 0x55;

        var code = await run.RunAsync(packed, ["scan", "--jsonl", "--policy", run.File("policy.json", ToolRun.Masking)]);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Is.Not.Empty);
    }
}
