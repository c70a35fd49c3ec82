using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace LlmGuard.Tool.Tests;

public class EvalTests
{
    // Two found, one missed, one false alarm, two rightly passed, one without label.
    private const string Labelled = """
        {"id":"1","text":"to bob@example.com","label":1}
        {"id":"2","text":"to ann@example.com","label":true}
        {"id":"3","text":"to nobody","label":1}
        {"id":"4","text":"see sales@example.com","label":0}
        {"id":"5","text":"a","label":0}
        {"id":"6","text":"b","label":false}
        {"id":"7","text":"c"}

        """;

    [Test]
    public async Task Eval_LabelledRows_CountsThem()
    {
        using var run = new ToolRun();

        var code = await EvalAsync(run, run.File("a.jsonl", Labelled), "--json", run.PathOf("r.json"));

        var total = Report(run).GetProperty("files")[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, run.Error);
            Assert.That(
                Numbers(total, "rows", "unlabelled", "failed", "tp", "fp", "fn", "tn", "false_findings"),
                Is.EqualTo(new double[] { 7, 1, 0, 2, 1, 1, 2, 1 }));
            Assert.That(Numbers(total, "precision", "recall", "f1", "fpr"), Is.EqualTo(new[] { 0.666667, 0.666667, 0.666667, 0.333333 }));
            Assert.That(total.GetProperty("actions").GetRawText().Where(char.IsAsciiDigit), Is.EqualTo("4030"));
            Assert.That(total.GetProperty("rules").GetArrayLength(), Is.EqualTo(1));
            Assert.That(total.GetProperty("rules")[0].GetProperty("rule").GetString(), Is.EqualTo("email"));
            Assert.That(Numbers(total.GetProperty("rules")[0], "findings", "tp", "fp", "fn", "tn"), Is.EqualTo(new double[] { 3, 2, 1, 1, 2 }));
            Assert.That(total.GetProperty("wrong_rows").GetRawText(), Does.Contain("\"line\": 3").And.Contain("\"line\": 4").And.Not.Contain("text"));
            Assert.That(run.Output, Does.Match(@"a\.jsonl +7 +2 +1 +1 +2 +0\.667 +0\.667 +0\.667 +0\.333 "));
            Assert.That(run.Output, Does.Match(@"data_masking email +3 +2 +1 "));
        }
    }

    [Test]
    public async Task Eval_Latency_IsMonotonic()
    {
        using var run = new ToolRun();

        await EvalAsync(run, run.File("a.jsonl", Labelled), "--json", run.PathOf("r.json"));

        var latency = Numbers(Report(run).GetProperty("total").GetProperty("latency_us"), "p50", "p90", "p99", "max");
        Assert.That(latency, Is.Ordered);
        Assert.That(latency[^1], Is.GreaterThan(0));
    }

    [Test]
    public async Task Eval_Spans_AreScoredInCodePointsByOverlapAndExactly()
    {
        using var run = new ToolRun();
        // Right to the character; overlapping only; missed; and one found that is not labelled.
        var data = run.File("s.jsonl", """
            {"text":"😀 bob@example.com","spans":[{"start":2,"end":17,"type":"EMAIL_ADDRESS"}]}
            {"text":"😀 bob@example.com","spans":[{"start":0,"end":5,"type":"EMAIL_ADDRESS"}]}
            {"text":"bob at example","spans":[{"start":0,"end":3,"type":"EMAIL_ADDRESS"}]}
            {"text":"10.1.2.3","spans":[]}
            """);

        var code = await EvalAsync(run, data, "--map", "EMAIL_ADDRESS=email", "--json", run.PathOf("r.json"));

        var types = Report(run).GetProperty("total").GetProperty("types");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, run.Error);
            Assert.That(types.EnumerateArray().Select(t => t.GetProperty("type").GetString()), Is.EqualTo(new[] { "email_address", "ip_address" }));
            Assert.That(Numbers(types[0], "labelled", "found", "predicted", "right", "exact"), Is.EqualTo(new double[] { 3, 2, 2, 2, 1 }));
            Assert.That(Numbers(types[0], "precision", "recall", "f1", "exact_f1"), Is.EqualTo(new[] { 1, 0.666667, 0.8, 0.4 }));
            Assert.That(Numbers(types[1], "labelled", "predicted", "right"), Is.EqualTo(new double[] { 0, 1, 0 }));
            Assert.That(Numbers(Report(run).GetProperty("total"), "tp", "fp", "fn", "tn"), Is.EqualTo(new double[] { 2, 1, 1, 0 }));
        }
    }

    [Test]
    public async Task Eval_OnlyMapped_LeavesOtherTypesOut()
    {
        using var run = new ToolRun();
        var data = run.File("s.jsonl", """
            {"text":"bob@example.com and Bob","spans":[{"start":0,"end":15,"type":"EMAIL"},{"start":20,"end":23,"type":"PERSON"}]}
            {"text":"Bob at 10.1.2.3","spans":[{"start":0,"end":3,"type":"PERSON"}]}
            """);

        await EvalAsync(run, data, "--map", "EMAIL=email", "--only-mapped", "--json", run.PathOf("r.json"));

        var total = Report(run).GetProperty("total");
        Assert.That(total.GetProperty("types").GetArrayLength(), Is.EqualTo(1));
        Assert.That(Numbers(total, "tp", "fp", "fn", "tn"), Is.EqualTo(new double[] { 1, 0, 0, 1 }));
    }

    [Test]
    public async Task Eval_ScopedRows_JudgeOnlyWhatTheyAreAbout()
    {
        using var run = new ToolRun();
        var data = run.File("s.jsonl", """
            {"text":"bob@example.com 10.1.2.3","label":0,"spans":[],"scope":["PHONE"],"complete":false}
            {"text":"bob@example.com","label":1,"category":"EMAIL","value_only":true}
            {"text":"10.1.2.3","label":0,"category":"EMAIL","value_only":true}
            {"text":"bob@example.com","label":0,"label_scope":"one rule must not fire"}
            """);

        await EvalAsync(run, data, "--map", "EMAIL=email", "--map", "PHONE=phone_number", "--json", run.PathOf("r.json"));

        var total = Report(run).GetProperty("total");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Numbers(total, "tp", "fp", "fn", "tn", "unlabelled"), Is.EqualTo(new double[] { 1, 0, 0, 2, 1 }));
            Assert.That(Numbers(total.GetProperty("spans"), "labelled", "found", "predicted", "exact"), Is.EqualTo(new double[] { 1, 1, 1, 1 }));
        }
    }

    [TestCase("flag", 1)]
    [TestCase("modify", 1)]
    [TestCase("block", 0)]
    public async Task Eval_Positive_IsTheLeastActionThatCounts(string least, int found)
    {
        using var run = new ToolRun();

        await EvalAsync(run, run.File("a.jsonl", """{"text":"bob@example.com","label":1}"""), "--positive", least, "--json", run.PathOf("r.json"));

        Assert.That(Report(run).GetProperty("total").GetProperty("tp").GetInt32(), Is.EqualTo(found));
    }

    [TestCase("--min-f1", "0.66", 0, "")]
    [TestCase("--min-f1", "0.67", 1, "--min-f1 0.670 is missed: F1 is 0.667")]
    [TestCase("--max-fpr", "0.34", 0, "")]
    [TestCase("--max-fpr", "0.3", 1, "--max-fpr 0.300 is missed: the false-positive rate is 0.333")]
    [TestCase("--min-span-f1", "0", 1, "--min-span-f1 0.000 is missed: F1 by span is - (no span is labelled)")]
    public async Task Eval_Threshold_DecidesTheExitCode(string option, string value, int expected, string message)
    {
        using var run = new ToolRun();

        var code = await EvalAsync(run, run.File("a.jsonl", Labelled), option, value);

        Assert.That(code, Is.EqualTo(expected));
        Assert.That(run.Error, message.Length == 0 ? Is.Empty : Is.EqualTo($"llmguard: {message}{Environment.NewLine}"));
    }

    [Test]
    public async Task Eval_ThresholdOfNothing_IsMissed()
    {
        using var run = new ToolRun();

        var code = await EvalAsync(run, run.File("a.jsonl", """{"text":"a","label":0}"""), "--min-f1", "0");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("F1 is - (no row is labelled positive)"));
    }

    [TestCase("""{"text":"a","label":2}""", "$.label: expected 0, 1, true or false, found another number")]
    [TestCase("""{"text":"a","label":"yes"}""", "$.label: expected 0, 1, true or false, found a string")]
    [TestCase("""{"text":"😀","spans":[{"start":0,"end":2,"type":"X"}]}""", "$.spans[0].end: lies outside the text, which has 1 code points")]
    [TestCase("""{"text":"abc","spans":[{"start":0,"end":1,"type":"X"},{"start":"1","end":2,"type":"X"}]}""",
        "$.spans[1].start: expected a number, found a string")]
    [TestCase("""{"text":"abc","spans":[{"start":1,"end":1,"type":"X"}]}""", "$.spans[0].end: is required: a whole number above \"start\"")]
    [TestCase("""{"text":"abc","spans":[{"start":0,"end":1}]}""", "$.spans[0].type: is required: a string")]
    [TestCase("""{"text":"abc","spans":{}}""", "$.spans: expected an array, found an object")]
    [TestCase("""{"text":"abc","complete":1}""", "$.complete: expected true or false, found a number")]
    public async Task Eval_MalformedRow_NamesFileLineAndPlaceAndGoesOn(string row, string problem)
    {
        using var run = new ToolRun();
        var data = run.File("a.jsonl", $"{{\"text\":\"a\",\"label\":0}}\n\n{row}\n{{\"text\":\"b\",\"label\":0}}\n");

        var code = await EvalAsync(run, data, "--json", run.PathOf("r.json"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Is.EqualTo($"llmguard: {data}:3: {problem}{Environment.NewLine}"));
        Assert.That(Numbers(Report(run).GetProperty("total"), "rows", "failed", "tn"), Is.EqualTo(new double[] { 3, 1, 2 }));
    }

    [TestCase("EMAIL", "is not of the form TYPE=entity")]
    [TestCase("=email", "is not of the form TYPE=entity")]
    [TestCase("EMAIL=", "is not of the form TYPE=entity")]
    public async Task Eval_MalformedMap_IsRefused(string map, string message)
    {
        using var run = new ToolRun();

        var code = await EvalAsync(run, run.File("a.jsonl", Labelled), "--map", map);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain(message));
    }

    [Test]
    public async Task Eval_NoSuchFile_AnswersTwo()
    {
        using var run = new ToolRun();

        var code = await EvalAsync(run, run.PathOf("absent.jsonl"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("absent.jsonl: there is no such file."));
    }

    [Test]
    public async Task Eval_SeveralFilesOneGzipped_ReportsEachAndAll()
    {
        using var run = new ToolRun();

        var code = await EvalAsync(
            run,
            run.File("a.jsonl", Labelled),
            run.GzipFile("b.jsonl.gz", Labelled),
            "--json",
            run.PathOf("r.json"),
            "--parallel",
            "2");

        var report = Report(run);
        Assert.That(code, Is.Zero, run.Error);
        Assert.That(report.GetProperty("files").GetArrayLength(), Is.EqualTo(2));
        Assert.That(report.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("tp").GetInt32()), Is.EqualTo(new[] { 2, 2 }));
        Assert.That(report.GetProperty("total").GetProperty("tp").GetInt32(), Is.EqualTo(4));
        Assert.That(run.Output, Does.Contain("all files"));
    }

    [Test]
    public async Task Html_Report_IsWellFormedSelfContainedAndWithoutTexts()
    {
        using var run = new ToolRun();
        const string Hostile = """{"text":"bob@example.com <script>hush()</script>","label":0,"spans":[{"start":0,"end":3,"type":"<T&>"}]}""";
        var data = run.File("<a&b>.jsonl", Labelled + Hostile);

        var code = await EvalAsync(run, data, "--html", run.PathOf("r.html"), "--json", run.PathOf("r.json"));

        Assert.That(code, Is.Zero, run.Error);
        var page = Parse(run.PathOf("r.html"), out var text);
        using (Assert.EnterMultipleScope())
        {
            AssertSelfContained(page);
            Assert.That(page.Descendants("svg").Count(), Is.EqualTo(3), "files, types and latency");
            Assert.That(page.Descendants("rect"), Is.Not.Empty);
            Assert.That(page.Descendants("th").Select(t => t.Value), Has.Some.EqualTo("<t&>").And.Some.Contains("<a&b>.jsonl"));
            Assert.That(text, Does.Not.Contain("hush").And.Not.Contain("bob@").And.Not.Contain("nobody"));
            Assert.That(File.ReadAllText(run.PathOf("r.json")), Does.Not.Contain("hush").And.Not.Contain("bob@"));
            Assert.That(text, Does.Contain("prefers-color-scheme:dark"));
        }
    }

    [Test]
    public async Task Html_IncludeTexts_QuotesThemEscaped()
    {
        using var run = new ToolRun();
        var data = run.File("a.jsonl", """{"text":"bob@example.com <script>hush()</script> \u0000\u001b","label":0}""");

        await EvalAsync(run, data, "--html", run.PathOf("r.html"), "--include-texts");

        var page = Parse(run.PathOf("r.html"), out _);
        AssertSelfContained(page);
        Assert.That(page.Descendants("pre").Single().Value, Is.EqualTo("bob@example.com <script>hush()</script> \uFFFD\uFFFD"));
    }

    [Test]
    public async Task Eval_InteractiveTerminal_ShowsProgressBesideTheOutput()
    {
        using var run = new ToolRun { IsErrorInteractive = true };

        var code = await EvalAsync(run, run.File("a[b].jsonl", Labelled));

        Assert.That(code, Is.Zero);
        Assert.That(run.Error, Does.Contain("a[b].jsonl").And.Contain("%"));
        Assert.That(run.Output, Does.Not.Contain("%").And.Not.Contain("\u001B"));
    }

    [Test]
    public async Task Eval_GzipCutOff_IsUnreadableRatherThanShort()
    {
        using var run = new ToolRun();
        var rows = string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"text\":\"row {i * 7919}\",\"label\":0}}\n"));
        var packed = ToolRun.Gzip(Encoding.UTF8.GetBytes(rows));
        await File.WriteAllBytesAsync(run.PathOf("a.jsonl.gz"), packed[..(packed.Length / 2)]);

        var code = await EvalAsync(run, run.PathOf("a.jsonl.gz"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("a.jsonl.gz: the gzip data is damaged."));
    }

    [Test]
    public async Task Eval_ReportThatCannotBeWritten_AnswersTwo()
    {
        using var run = new ToolRun();

        var code = await EvalAsync(run, run.File("a.jsonl", Labelled), "--json", run.PathOf("no/such/folder.json"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("reading or writing failed"));
    }

    [Test]
    public async Task Eval_SharedData_MeasuresTheStructuredTypes()
    {
        var data = SharedFolder.Find("data/pii/presidio_research_generated_large.jsonl.gz");
        Assume.That(data, Is.Not.Null, "../shared/data/pii is not there");
        using var run = new ToolRun();

        string[] options = ["--map", "EMAIL_ADDRESS=email", "--only-mapped", "--min-span-f1", "0.9"];
        var code = await EvalAsync(run, [data!, .. options, "--json", run.PathOf("r.json")]);

        Assert.That(code, Is.Zero, run.Error + run.Output);
        Assert.That(Report(run).GetProperty("total").GetProperty("rows").GetInt32(), Is.EqualTo(1923));
    }

    private static Task<int> EvalAsync(ToolRun run, params string[] arguments) =>
        run.CommandAsync(["eval", "--policy", run.File("p.json", ToolRun.Masking), .. arguments]);

    private static JsonElement Report(ToolRun run) => JsonDocument.Parse(File.ReadAllBytes(run.PathOf("r.json"))).RootElement;

    private static double[] Numbers(JsonElement element, params string[] names) => [.. names.Select(name => element.GetProperty(name).GetDouble())];

    private static XDocument Parse(string path, out string text)
    {
        text = File.ReadAllText(path);
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static void AssertSelfContained(XDocument page)
    {
        string[] loading = ["script", "link", "img", "iframe", "object", "embed", "use", "image", "a", "base"];
        Assert.That(page.Descendants().Select(e => e.Name.LocalName).Intersect(loading), Is.Empty);
        var attributes = page.Descendants().Attributes().Select(a => a.Name.LocalName);
        Assert.That(attributes.Where(n => n is "src" or "href" or "srcset" || n.StartsWith("on", StringComparison.Ordinal)), Is.Empty);
        Assert.That(page.Descendants("style").Single().Value, Does.Not.Contain("url(").And.Not.Contain("@import"));
    }
}
