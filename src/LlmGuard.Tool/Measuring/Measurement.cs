using System.Text;
using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Rows;

namespace LlmGuard.Tool.Measuring;

/// <summary>Measures a file: judges its rows side by side and counts them in order.</summary>
internal sealed class Measurement(TextEvaluator evaluator, int degree, MeasureOptions options)
{
    private const int MaxQuote = 500;

    /// <param name="input">The lines.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="progress">Called after each block.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FileScores> RunAsync(Stream input, string name, Action progress, CancellationToken cancellationToken)
    {
        var scores = new FileScores(name);
        await OrderedWork.RunAsync(
            new LineBlockReader(input),
            degree,
            WorkAsync,
            rows =>
            {
                foreach (var row in rows)
                {
                    Count(scores, row);
                }

                progress();
                return ValueTask.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        return scores;
    }

    private static string Quote(ReadOnlyMemory<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8.Span[..Math.Min(utf8.Length, MaxQuote * 4)]);
        var length = Math.Min(text.Length, MaxQuote);
        return length == text.Length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "...");
    }

    private void Count(FileScores scores, JudgedRow row)
    {
        if (row.Problem is { } problem)
        {
            scores.Fail(row.Line, problem);
        }
        else if (row.Verdict!.IsUnjudged)
        {
            var (plugin, failure) = row.Verdict.Failures.Count > 0 ? row.Verdict.Failures[0] : ("", null);
            scores.Fail(row.Line, failure is null ? "could not be judged" : $"could not be judged: {plugin} failed with {failure.Reason}");
        }
        else
        {
            scores.Add(row.Line, row.Truth!, row.Verdict, options, options.IncludeTexts ? () => Quote(row.Text) : null);
        }
    }

    private async Task<List<JudgedRow>> WorkAsync(LineBlock block, CancellationToken cancellationToken)
    {
        var rows = new List<JudgedRow>();
        var number = block.FirstLine;
        if (block.IsTooLong)
        {
            rows.Add(new JudgedRow(number) { Problem = $"$: the line is longer than {LineBlockReader.MaxLineBytes} bytes" });
        }

        foreach (var line in block.Lines())
        {
            if (line.Span.ContainsAnyExcept(" \t"u8))
            {
                rows.Add(await JudgeAsync(line, number, cancellationToken).ConfigureAwait(false));
            }

            number++;
        }

        return rows;
    }

    private async Task<JudgedRow> JudgeAsync(ReadOnlyMemory<byte> line, long number, CancellationToken cancellationToken)
    {
        try
        {
            var row = RowReader.Read(line.Span, isLabelled: true);
            CheckSpans(row);
            return new JudgedRow(number)
            {
                Truth = new RowTruth(row, options.Types),
                Verdict = await evaluator.EvaluateAsync(row.Text, row.Role, cancellationToken).ConfigureAwait(false),
                Text = options.IncludeTexts ? row.Text : default,
            };
        }
        catch (RowException problem)
        {
            return new JudgedRow(number) { Problem = problem.Message };
        }
    }

    private static void CheckSpans(DataRow row)
    {
        if (row.Spans is not { Count: > 0 } spans)
        {
            return;
        }

        var total = new CodePoints(row.Text).Total;
        for (var i = 0; i < spans.Count; i++)
        {
            if (spans[i].End > total)
            {
                throw new RowException($"$.spans[{i}].end", $"lies outside the text, which has {total} code points");
            }
        }
    }

    private sealed record JudgedRow(long Line)
    {
        public string? Problem { get; init; }

        public RowTruth? Truth { get; init; }

        public TextVerdict? Verdict { get; init; }

        public ReadOnlyMemory<byte> Text { get; init; }
    }
}
