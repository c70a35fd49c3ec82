using System.Buffers;
using System.Text;
using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Measuring;
using LlmGuard.Tool.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Tool.Tests;

/// <summary>What the tool makes of entries that reach no verdict, with a plugin that fails on demand.</summary>
public class FailureTests
{
    [TestCase("availability", "block", "error", "availability")]
    [TestCase("availability", "allow", "error", "availability")]
    [TestCase("input", "block", "block", "input")]
    [TestCase("input", "allow", "block", "input")]
    public async Task Evaluate_EntryFails_SaysWhetherTheTextWasJudged(string text, string onError, string word, string failureClass)
    {
        await using var services = Services(onError);

        var verdict = await Evaluator(services).EvaluateAsync(Encoding.UTF8.GetBytes(text), null, CancellationToken.None);

        var lines = new ArrayBufferWriter<byte>();
        using var writer = new VerdictLine(lines);
        writer.Write("7"u8.ToArray(), verdict);
        Assert.That(verdict.Word, Is.EqualTo(word));
        Assert.That(Encoding.UTF8.GetString(lines.WrittenSpan), Does
            .StartWith($$"""{"id":7,"action":"{{word}}","text":"{{text}}","findings":[]""")
            .And.EndWith($"\"failures\":[{{\"plugin\":\"moody\",\"class\":\"{failureClass}\",\"reason\":\"test\"}}]}}\n"));
    }

    [TestCase("validate")]
    [TestCase("explain")]
    [TestCase("eval", "--policy", "FILE", "FILE")]
    public async Task Command_MisspeltOption_IsNotLookedForAsAFile(params string[] command)
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", ToolRun.Both);

        var code = await run.CommandAsync([.. command.Select(word => word == "FILE" ? file : word), file, "--pathh"]);

        Assert.That(code, Is.EqualTo(2), run.Error);
        Assert.That(run.Error, Does.Contain("Unrecognized option '--pathh'.").And.Not.Contain("exist"));
    }

    [Test]
    public async Task Eval_Directory_SaysThatItIsOne()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", ToolRun.Both);
        var folder = Path.GetDirectoryName(file)!;

        var code = await run.CommandAsync("eval", "--policy", file, folder);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain(folder + ": is a directory."));
    }

    [Test]
    public async Task Evaluate_FindingOfTheWholeCall_HasNoPlace()
    {
        await using var services = Services("block");

        var verdict = await Evaluator(services).EvaluateAsync("flag"u8.ToArray(), null, CancellationToken.None);

        var lines = new ArrayBufferWriter<byte>();
        using var writer = new VerdictLine(lines);
        writer.Write(null, verdict);
        Assert.That(Encoding.UTF8.GetString(lines.WrittenSpan), Is.EqualTo(
            """{"id":null,"action":"flag","text":"flag","findings":[{"plugin":"moody","rule":"mood","type":"call","start":null,"end":null,"confidence":0.25}]}""" + "\n"));
    }

    [Test]
    public async Task Measure_RowThatCouldNotBeJudged_IsNeitherFoundNorMissed()
    {
        await using var services = Services("allow");
        var options = new MeasureOptions { Positive = GuardrailAction.Flag, Types = new TypeMap([], isOnlyMapped: false) };
        var data = """
            {"text":"availability","label":1}
            {"text":"flag","label":1}
            """u8.ToArray();

        var scores =
            await new Measurement(Evaluator(services), 1, options).RunAsync(new MemoryStream(data), "a", static () => { }, CancellationToken.None);

        Assert.That(scores.Rows, Is.EqualTo(new Confusion(1, 0, 0, 0)));
        Assert.That((scores.Failed, scores.Total), Is.EqualTo((1L, 2L)));
        Assert.That(scores.Problems, Is.EqualTo(new[] { "a:1: could not be judged: moody failed with test" }));
    }

    [Test]
    public async Task Measure_ManyWrongRows_ListsABoundedNumber()
    {
        await using var services = Services("block");
        var options = new MeasureOptions { Positive = GuardrailAction.Flag, Types = new TypeMap([], isOnlyMapped: false) };
        var data =
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\":\"flag\",\"label\":0}\n{\"text\":\"x\",\"label\":1}\n?\n", 500)));

        var scores =
            await new Measurement(Evaluator(services), 2, options).RunAsync(new MemoryStream(data), "a", static () => { }, CancellationToken.None);

        Assert.That(
            scores.WrongRows.CountBy(r => r.IsMiss), Is.EquivalentTo(new[] { KeyValuePair.Create(true, 100), KeyValuePair.Create(false, 100) }));
        Assert.That((scores.Problems.Count, scores.Failed), Is.EqualTo((20, 500L)));
    }

    private static TextEvaluator Evaluator(IServiceProvider services) =>
        new(services.GetRequiredService<IAiGuardrails>(), GuardrailStage.PreRequest, SegmentRole.User, new GuardrailPlanQuery(), TimeProvider.System);

    private static ServiceProvider Services(string onError)
    {
        var services = new ServiceCollection();
        services
            .AddAiGuardrails(options => options.PolicyJson = $$$"""{"gateway":{"required_plugins":[{"name":"moody","on_error":"{{{onError}}}"}]}}""")
            .AddPlugin<MoodyPlugin>();
        return services.BuildServiceProvider();
    }

    /// <summary>Does what the text says.</summary>
    private sealed class MoodyPlugin : IGuardrailPlugin, IGuardrailEvaluator
    {
        public GuardrailPluginMetadata Metadata { get; } = new("moody") { RunsInline = true };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult(call.Content[0].Text switch
        {
            "availability" => GuardrailVerdict.Fail(FailureClass.Availability, "test"),
            "input" => GuardrailVerdict.Fail(FailureClass.Input, "test"),
            "flag" => GuardrailVerdict.Flag([new GuardrailFinding("mood", "call", Confidence: 0.25)]),
            _ => GuardrailVerdict.Allow,
        });
    }
}
