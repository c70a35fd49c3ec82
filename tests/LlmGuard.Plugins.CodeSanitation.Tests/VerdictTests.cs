
namespace LlmGuard.Plugins.CodeSanitation.Tests;

public sealed class VerdictTests
{
    private const string Grave = "please run rm -rf / for me";

    [Test]
    public void Judge_Block_RefusesWithStatusMessageAndGroup()
    {
        var verdict = Code.Judge("""{"status_code": 422, "error_message": "no 100%s code"}""", Grave);
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
            Assert.That(verdict.Refusal!.StatusCode, Is.EqualTo(422));
            Assert.That(verdict.Refusal.Message, Is.EqualTo("no 100%s code"));
            Assert.That(verdict.Refusal.Reason, Is.EqualTo("destruction"));
        });
    }

    [Test]
    public void Judge_Flag_ChangesNothing()
    {
        var verdict = Code.Judge("""{"action": "flag"}""", Grave);
        Assert.That(
            (verdict.Outcome, verdict.Edits.Count, verdict.Findings.Single().Rule), Is.EqualTo((VerdictOutcome.Flag, 0, "shell.destruction")));
    }

    [Test]
    public void Judge_Sanitize_RemovesTheCodeAndNothingElse()
    {
        var content = GuardrailContent.FromText("Look – é:\neval(request.args['x'])\nand go on.", SegmentRole.User);
        var verdict = Code.Judge("""{"action": "sanitize"}""", content);
        Assert.That(Code.Apply(verdict, content), Is.EqualTo(new[] { "Look – é:\n[removed code]\nand go on." }));
    }

    [TestCase("eval(eval(request.args['x']))")]
    [TestCase("rm rm -rf / -rf /")]
    [TestCase("evaleval(request.args.x)(request.args.x)")]
    [TestCase("curl a | curl b | sh | sh")]
    [TestCase("eval(\n<!--#exec -->request.args['x'])")]
    [TestCase("os.sysos.system(request.args.x)tem(request.args.x)")]
    public void Judge_SanitizeNested_LeavesNothingToFind(string text)
    {
        foreach (var mask in new[] { "", "[x]", " " })
        {
            var settings = $$"""{"action": "sanitize", "min_severity": "low", "sanitize_with": "{{mask}}"}""";
            var content = GuardrailContent.FromText(text, SegmentRole.User);
            var verdict = Code.Judge(settings, content);
            var left = Code.Apply(verdict, content, mask).Single();
            Assert.That(Code.Judge(settings, left).Outcome, Is.EqualTo(VerdictOutcome.Allow), $"{text} -> {left}");
        }
    }

    [Test]
    public void Judge_SanitizeGeneratedText_LeavesNothingToFind()
    {
        var random = new Random(20260);
        string[] pieces =
            [.. Samples.High.Concat(Samples.Lower).Select(s => s.Text), .. Samples.Innocent, "\n", " ", "(", ")", "'", "\"", ";", "```\n", "é"];
        const string Settings = """{"action": "sanitize", "min_severity": "low", "sanitize_with": ""}""";
        var evaluator = Code.Evaluator(Settings);
        for (var i = 0; i < 400; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => Piece(random, pieces)));
            var content = GuardrailContent.FromText(text, SegmentRole.User);
            var verdict = Code.Judge(evaluator, content);
            if (verdict.Outcome == VerdictOutcome.Modify)
            {
                var left = Code.Apply(verdict, content, "").Single();
                Assert.That(Code.Judge(evaluator, GuardrailContent.FromText(left, SegmentRole.User)).Outcome, Is.EqualTo(VerdictOutcome.Allow), text);
            }
        }
    }

    [Test]
    public void Judge_SanitizeDisguised_RemovesTheWholeDisguise()
    {
        var content = GuardrailContent.FromText("a " + Convert.ToBase64String("eval(request.args['x'])"u8) + " b", SegmentRole.User);
        var left = Code.Apply(Code.Judge("""{"action": "sanitize"}""", content), content).Single();
        Assert.That(left, Does.StartWith("a [removed").And.EndsWith(" b"));
        Assert.That(Code.Judge("{}", left).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [Test]
    public void Judge_SanitizeWhatCannotBeEdited_FailsAndIdentifierIsFlagged()
    {
        Assert.That(Single(Editability.Key, "sanitize").Failure, Is.Not.Null);
        Assert.That(Single(Editability.Identifier, "sanitize").Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(Code.Judge("""{"action": "sanitize"}""", GuardrailContent.FromText(Grave, SegmentRole.User), GuardrailStage.PostRequest).Failure,
            Is.Not.Null);
    }

    [Test]
    public void Judge_SanitizeWhatCannotBeEditedWithAStatus_RefusesWithIt()
    {
        const string Settings = """{"action": "sanitize", "status_code": 422}""";
        var verdict = Code.Judge(Settings, GuardrailContent.FromText(Grave, SegmentRole.User), GuardrailStage.PostRequest);
        Assert.That((verdict.Outcome, verdict.Refusal?.StatusCode), Is.EqualTo((VerdictOutcome.Block, (int?)422)));
    }

    [Test]
    public void Judge_CodeAcrossParts_IsFoundAndRemoved()
    {
        var builder = new GuardrailContentBuilder();
        foreach (var part in new[] { "x = eval(requ", "est.args['q'])" })
        {
            builder.AddText(part, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Join = 0 });
        }

        var content = builder.Build();
        var verdict = Code.Judge("""{"action": "sanitize"}""", content);
        Assert.That(Code.Apply(verdict, content), Is.EqualTo(new[] { "x = [removed code]", "[removed code]" }));
    }

    [Test]
    public void Judge_CustomPattern_AppliesToItsSourceOnly()
    {
        const string Settings = """{"languages": [], "action": "flag", "custom_patterns": [{"pattern": "PRJ-[0-9]+", "content_type": "headers"}, {"pattern": "(a)+", "content_type": "all"}]}""";
        Assert.That(Of(Settings, SegmentSource.Headers, "prj-12"), Is.EqualTo(new[] { "custom_patterns[0]" }));
        Assert.That(Of(Settings, SegmentSource.Body, "prj-12"), Is.Empty);
        Assert.That(Of(Settings, SegmentSource.Body, "xaa"), Is.EqualTo(new[] { "custom_patterns[1]" }));
        Assert.That(Of(Settings, SegmentSource.PathAndQuery, "xaa"), Is.EqualTo(new[] { "custom_patterns[1]" }));
    }

    [Test]
    public void Judge_LanguagesAndGroups_SelectRules()
    {
        const string Text = "<?php eval($_GET['c']); ?>\nrm -rf /\n";
        Assert.That(Code.Judge("""{"action": "flag", "languages": [{"language": "php"}]}""", Text).Findings.Select(f => f.Rule),
            Is.EqualTo(new[] { "php.evaluation.untrusted" }));
        Assert.That(Code.Judge("""{"action": "flag", "groups": ["destruction"]}""", Text).Findings.Select(f => f.Rule),
            Is.EqualTo(new[] { "shell.destruction" }));
        Assert.That(Code.Judge("""{"action": "flag", "apply_all_languages": true, "languages": [{"language": "shell", "enabled": false}, {"language": "powershell", "enabled": false}]}""", Text).Findings.Select(f => f.Rule), Is.EqualTo(new[] { "php.evaluation.untrusted" }));
    }

    [Test]
    public void Judge_InvisibleRow_IsNotPassed() =>
        Assert.That(Code.Judge("{}", "a" + new string('\u200B', 40)).Failure, Is.Not.Null);

    [Test]
    public void Judge_MoreFindingsThanAllowed_Fails()
    {
        var content = GuardrailContent.FromText(string.Concat(Enumerable.Repeat("rm -rf /\n", 12_000)), SegmentRole.User);
        Assert.That(Code.Judge("""{"action": "flag"}""", content).Failure, Is.Not.Null);
    }

    [Test]
    public void Judge_Concurrently_GivesTheSameAnswers()
    {
        var evaluator = Code.Evaluator("""{"action": "flag"}""");
        Parallel.For(0, 200, i =>
        {
            var (rule, text) = Samples.High[i % Samples.High.Length];
            var found = Code.Judge(evaluator, GuardrailContent.FromText(text, SegmentRole.User)).Findings.Select(f => f.Rule);
            Assert.That(found, Does.Contain(rule));
        });
    }

    private static string Piece(Random random, string[] pieces)
    {
        var piece = pieces[random.Next(pieces.Length)];
        return random.Next(3) == 0 ? piece[..random.Next(piece.Length + 1)] : piece;
    }

    private static IEnumerable<string> Of(string settings, SegmentSource source, string text)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Source = source });
        return Code.Judge(settings, builder.Build()).Findings.Select(f => f.Rule);
    }

    private static GuardrailVerdict Single(Editability editability, string action)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(Grave, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Editability = editability });
        return Code.Judge($$"""{"action": "{{action}}"}""", builder.Build());
    }
}
