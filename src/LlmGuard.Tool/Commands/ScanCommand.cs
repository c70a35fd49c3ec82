using System.CommandLine;
using System.Text.Unicode;
using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Rows;
using LlmGuard.Tool.Scans;

namespace LlmGuard.Tool.Commands;

/// <summary><c>llmguard scan</c>: what a policy makes of a text, or of many.</summary>
internal static class ScanCommand
{
    private const int MaxTextBytes = LineBlockReader.MaxLineBytes;

    public static Command Create(ToolConsole console)
    {
        var options = new CallOptions();
        var jsonl = new Option<bool>("--jsonl") { Description = "One JSON object a line in ({\"id\", \"text\", \"role\"?}) and one out, in order" };
        var color = new Option<string>("--color") { Description = "Whether to colour the text", DefaultValueFactory = _ => "auto" };
        color.AcceptOnlyFromAmong("auto", "always", "never");
        var command = new Command("scan", "Runs a policy over the text on standard input, plain or gzipped.") { jsonl, color };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var policy = options.Load(parsed, console);
            await using (policy.ConfigureAwait(false))
            {
                var evaluator = options.Evaluator(parsed, policy, console);
                try
                {
                    var input = await DataStream.OpenAsync(console.Input, cancellationToken).ConfigureAwait(false);
                    return parsed.GetValue(jsonl)
                        ? await ScanLinesAsync(
                            new JsonlScan(evaluator, options.Parallel(parsed)),
                            input,
                            console,
                            cancellationToken).ConfigureAwait(false)
                        : await ScanTextAsync(evaluator, input, console, ColorOf(parsed.GetValue(color)!), cancellationToken).ConfigureAwait(false);
                }
                catch (InvalidDataException)
                {
                    throw new ToolException("standard input: the gzip data is damaged.");
                }
            }
        });
        return command;
    }

    private static bool? ColorOf(string word) => word == "auto" ? null : word == "always";

    private static async Task<int> ScanLinesAsync(JsonlScan scan, Stream input, ToolConsole console, CancellationToken cancellationToken)
    {
        var failed = await scan.RunAsync(input, console.Output, cancellationToken).ConfigureAwait(false);
        if (failed == 0)
        {
            return ExitCodes.Ok;
        }

        await console.Error.WriteLineAsync($"llmguard: {failed} line{(failed == 1 ? "" : "s")} could not be read or judged.").ConfigureAwait(false);
        return ExitCodes.Unusable;
    }

    private static async Task<int> ScanTextAsync(
        TextEvaluator evaluator,
        Stream input,
        ToolConsole console,
        bool? color,
        CancellationToken cancellationToken)
    {
        var text = await ReadAsync(input, cancellationToken).ConfigureAwait(false);
        if (!Utf8.IsValid(text.Span))
        {
            throw new ToolException("standard input: the text is not valid UTF-8.");
        }

        var verdict = await evaluator.EvaluateAsync(text, null, cancellationToken).ConfigureAwait(false);
        new TextScanView(console.Ansi(color)).Show(text, verdict);
        return verdict.IsUnjudged ? ExitCodes.Unusable : verdict.Action == GuardrailAction.Allow ? ExitCodes.Ok : ExitCodes.Objection;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            if (text.Length + read > MaxTextBytes)
            {
                throw new ToolException($"standard input: the text is longer than {MaxTextBytes} bytes; use --jsonl for many texts.");
            }

            text.Write(buffer, 0, read);
        }

        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }
}
