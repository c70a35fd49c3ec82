using System.Buffers;
using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Rows;

namespace LlmGuard.Tool.Scans;

/// <summary><c>scan --jsonl</c>: one object a line in, one out, in order, however many are judged at once.</summary>
internal sealed class JsonlScan(TextEvaluator evaluator, int degree)
{
    /// <summary>Works through an input.</summary>
    /// <returns>The number of lines that could not be read or judged.</returns>
    public async Task<long> RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        var failed = 0L;
        await OrderedWork.RunAsync(
            new LineBlockReader(input),
            degree,
            WorkAsync,
            async result =>
            {
                failed += result.Failed;
                await output.WriteAsync(result.Lines, cancellationToken).ConfigureAwait(false);
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return failed;
    }

    private async Task<(ReadOnlyMemory<byte> Lines, long Failed)> WorkAsync(LineBlock block, CancellationToken cancellationToken)
    {
        var lines = new ArrayBufferWriter<byte>();
        using var writer = new VerdictLine(lines);
        var number = block.FirstLine;
        var failed = 0L;
        if (block.IsTooLong)
        {
            writer.Write(number, new RowException("$", $"the line is longer than {LineBlockReader.MaxLineBytes} bytes"));
            failed++;
        }

        foreach (var line in block.Lines())
        {
            if (!line.Span.ContainsAnyExcept(" \t"u8))
            {
                number++;
                continue;
            }

            try
            {
                var row = RowReader.Read(line.Span, isLabelled: false);
                var verdict = await evaluator.EvaluateAsync(row.Text, row.Role, cancellationToken).ConfigureAwait(false);
                writer.Write(row.Id, verdict);
                failed += verdict.IsUnjudged ? 1 : 0;
            }
            catch (RowException problem)
            {
                writer.Write(number, problem);
                failed++;
            }

            number++;
        }

        return (lines.WrittenMemory, failed);
    }
}
