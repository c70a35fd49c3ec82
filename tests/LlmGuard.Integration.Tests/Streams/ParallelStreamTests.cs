using System.Text;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.Integration.Tests.Streams;

/// <summary>Entries that rewrite side by side, over sockets and in both seams: the answer leaves while the model still speaks.</summary>
[CancelAfter(120_000)]
internal sealed class ParallelStreamTests
{
    private const string Masks = """
        { "name": "data_masking", "stage": "pre_response", "parallel": true, "settings": { "rules": [ { "pattern": "Blue ?bird", "type": "regex", "mask_with": "[BIRD]" } ] } },
        { "name": "data_masking", "stage": "pre_response", "parallel": true, "settings": { "rules": [ { "pattern": "a [A-Z][a-z]+", "type": "regex", "mask_with": "[NAME]" } ] } }
        """;

    private const string Judge = """
        , { "name": "vowels", "parallel": true, "streaming": { "head_chars": 10, "min_chars": 10, "max_hold_ms": 100 } }
        """;

    [TestCase("", "[BIRD] flies away")]
    [TestCase(Judge, "[BIRD] flies aw-y")]
    public async Task Read_ParallelEntriesThatRewrite_GetTheFirstTextBeforeTheModelHasEnded(string beside, string masked)
    {
        foreach (var isGateway in (bool[])[true, false])
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var model = await StreamedModel.StartAsync(
                isGateway,
                Masks + beside,
                async context =>
                {
                    await context.Response.WriteAsync(StreamedModel.Delta("There is a Blue") + StreamedModel.Delta("bird flies away")
                        + StreamedModel.Delta(" and on"));
                    await context.Response.Body.FlushAsync();

                    // Only once the caller has seen what it said does the model go on.
                    await seen.Task;
                    await context.Response.WriteAsync(StreamedModel.Delta(" it goes.") + StreamedModel.Done);
                },
                new VowelJudge());
            using var response = await model.AskAsync();
            var stream = await response.Content.ReadAsStreamAsync();
            var text = new StringBuilder();
            var chunk = new byte[4096];
            while (await stream.ReadAsync(chunk) is > 0 and var count)
            {
                text.Append(Encoding.UTF8.GetString(chunk, 0, count));
                if (text.ToString().Contains(" flies ", StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }

            var left = string.Concat(text.ToString().Split("\"content\":\"")[1..].Select(static t => t[..t.IndexOf('"', StringComparison.Ordinal)]));
            Assert.That(left, Is.EqualTo($"There is {masked} and on it goes."));
        }
    }

    /// <summary>Judges whole text, and puts a dash in the place of an a between w and y.</summary>
    private sealed class VowelJudge : IGuardrailPlugin, IGuardrailEvaluator
    {
        public GuardrailPluginMetadata Metadata => field ??= new GuardrailPluginMetadata("vowels")
        {
            Stages = [GuardrailStage.PreResponse],
            DefaultStages = [GuardrailStage.PreResponse],
            Rewrites = true,
        };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            var edits = new List<SegmentEdit>();
            foreach (var segment in call.Content)
            {
                var at = segment.Utf8.Span.IndexOf("way"u8);
                if (at >= 0)
                {
                    edits.Add(new SegmentEdit(segment.Index, new TextSpan(at + 1, 1), Replacement.Literal("-")));
                }
            }

            return ValueTask.FromResult(edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits));
        }
    }
}
