using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Audit;

public sealed class NoContentTests
{
    private const string Marker = "MARKER-7f3a";

    [TestCase(false, 0)]
    [TestCase(true, 1)]
    public async Task EveryPath_WithMarkerInContent_NothingWrittenHoldsIt(bool optIn, int leastQuotes)
    {
        var quotes = 0;
        var written = new List<string>();
        foreach (var (evaluator, inline, remote) in Evaluators())
        {
            foreach (var stage in new[] { GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse })
            {
                var entries = Stage(
                    Entry("plugin", evaluator, inline, remote: remote, onError: FailurePolicy.Allow),
                    Entry("beside", evaluator, inline: false, parallel: true),
                    Entry("watch", evaluator, inline: false, monitor: true));
                using var harness = new Harness(Plan(entries, entries, entries, entries), o => o.LogContentAtTrace = optIn);
                var call = harness.Begin();
                var decision = await call.EvaluateAsync(stage, GuardrailContent.FromText($"text {Marker} text", SegmentRole.User));
                await call.FailAsync(stage, new GuardrailFailure(FailureClass.Input, FailureReasons.Undecodable), 400);
                await call.DisposeAsync();
                await harness.DrainAsync();
                var lines = harness.Log.Lines;
                quotes += lines.Count(l => l.Event.Id == 12);
                written.AddRange(lines.Where(l => l.Event.Id != 12).Select(l => l.Text));
                written.AddRange(harness.Audit.Records.Select(Describe));
                written.Add($"{decision} {decision.Refusal} {string.Join(' ', decision.Results)} {decision.Content} {decision.Content[0]}");
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(written, Has.Count.GreaterThan(100));
            Assert.That(written, Has.None.Contains(Marker));
            Assert.That(quotes, optIn ? Is.GreaterThanOrEqualTo(leastQuotes) : Is.Zero);
        });
    }

    private static string Describe(LlmGuard.Audit.GuardrailAuditRecord record) =>
        $"{record} {string.Join(' ', record.Entries)} {string.Join(' ', record.Entries.SelectMany(e => e.Findings))} {string.Join(' ', record.EditedSpans)}";

    private static IEnumerable<(IGuardrailEvaluator Evaluator, bool Inline, bool Remote)> Evaluators()
    {
        Func<GuardrailCall, CancellationToken, ValueTask<GuardrailVerdict>>[] scripts =
        [
            (call, _) => throw new InvalidOperationException(call.Content[0].Text),
            (call, _) => throw new HttpRequestException("asked", new InvalidOperationException(call.Content[0].Text)),
            (call, _) => new(GuardrailVerdict.Fail(FailureClass.Input, call.Content[0].Text)),
            (call, _) => new(GuardrailVerdict.Fail(FailureClass.Availability, call.Content[0].Text)),
            (call, _) =>
                new(GuardrailVerdict.Block(new GuardrailRefusal { Reason = call.Content[0].Text },
                new GuardrailFinding("rule", "type", 0, new TextSpan(5, 11)))),
            (_, _) => new(Mask(5, 11)),
            (_, _) => new(Mask(0, 999)),
            (call, _) =>
            {
                call.State.Value = new ThrowsOnDispose(call.Content.Count > 0 ? call.Content[0].Text : Marker);
                return new(GuardrailVerdict.Allow);
            },
        ];
        foreach (var script in scripts)
        {
            yield return (new ScriptedEvaluator(script), true, false);
            yield return (new ScriptedEvaluator(script), false, true);
        }
    }

    private sealed class ThrowsOnDispose(string text) : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException(text);
    }
}
