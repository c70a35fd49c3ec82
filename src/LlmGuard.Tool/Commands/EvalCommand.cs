using System.CommandLine;
using LlmGuard.Telemetry;
using LlmGuard.Tool.Measuring;
using LlmGuard.Tool.Reports;
using LlmGuard.Tool.Rows;
using Spectre.Console;

namespace LlmGuard.Tool.Commands;

/// <summary><c>llmguard eval</c>: what a policy detects in labelled data.</summary>
internal sealed class EvalCommand
{
    private static readonly GuardrailAction[] Positives = [GuardrailAction.Flag, GuardrailAction.Modify, GuardrailAction.Block];

    private readonly CallOptions _call = new();
    private readonly Argument<string[]> _data = new("data")
    {
        Description = "JSON lines ({\"text\", \"label\"} or {\"text\", \"spans\"}), plain or gzipped",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _positive = new("--positive")
    {
        Description = "The least action that counts as found",
        DefaultValueFactory = _ => "flag",
    };

    private readonly Option<string[]> _map = new("--map")
    {
        Description = "TYPE=entity[,entity]: what a type of the data is called by the plugins; may be repeated",
    };

    private readonly Option<bool> _onlyMapped = new("--only-mapped") { Description = "Score only spans of types that --map names" };
    private readonly Option<string?> _json = new("--json") { Description = "Write the report as JSON to this file" };
    private readonly Option<string?> _html = new("--html") { Description = "Write the report as one HTML page to this file" };
    private readonly Option<bool> _includeTexts = new("--include-texts") { Description = "Quote the texts of wrongly judged rows in the reports" };
    private readonly Option<double?> _minF1 = new("--min-f1") { Description = "Fail below this F1 of all rows together" };
    private readonly Option<double?> _maxFpr = new("--max-fpr") { Description = "Fail above this false-positive rate of all rows together" };
    private readonly Option<double?> _minSpanF1 = new("--min-span-f1") { Description = "Fail below this F1 by overlapping span, all types together" };
    private readonly ToolConsole _console;

    private EvalCommand(ToolConsole console)
    {
        FileArguments.RefuseOptions(_data);
        _console = console;
        _positive.AcceptOnlyFromAmong([.. Positives.Select(Words.Of)]);
        foreach (var option in (Option<double?>[])[_minF1, _maxFpr, _minSpanF1])
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Count > 0 && !(double.TryParse(result.Tokens[0].Value, out var value) && value is >= 0 and <= 1))
                {
                    result.AddError($"{option.Name}: '{result.Tokens[0].Value}' is not a number from 0 to 1.");
                }
            });
        }
    }

    public static Command Create(ToolConsole console)
    {
        var eval = new EvalCommand(console);
        var command = new Command(
            "eval",
            "Measures what a policy detects in labelled rows: precision, recall, F1, false-positive rate, spans and latency.");
        command.Add(eval._data);
        eval._call.AddTo(command);
        Option[] own =
        [
            eval._positive, eval._map, eval._onlyMapped, eval._json, eval._html, eval._includeTexts, eval._minF1, eval._maxFpr, eval._minSpanF1,
        ];
        foreach (var option in own)
        {
            command.Add(option);
        }

        command.SetAction(eval.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new MeasureOptions
        {
            Positive = Positives.First(p => Words.Of(p) == parsed.GetValue(_positive)),
            Types = new TypeMap(parsed.GetValue(_map) ?? [], parsed.GetValue(_onlyMapped)),
            IncludeTexts = parsed.GetValue(_includeTexts),
        };
        var policy = _call.Load(parsed, _console);
        await using (policy.ConfigureAwait(false))
        {
            var measurement = new Measurement(_call.Evaluator(parsed, policy, _console), _call.Parallel(parsed), options);
            var files = await MeasureAsync(measurement, parsed.GetValue(_data)!, cancellationToken).ConfigureAwait(false);
            var report = new EvalReport(
                string.Join(" and ", _call.Files(parsed).Select(Path.GetFileName)),
                policy.Explainer.Explain(new GuardrailPlanQuery()).Revision,
                _call.Stage(parsed),
                Words.Of(options.Positive),
                files,
                options.IncludeTexts);
            return await TellAsync(report, parsed, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<FileScores>> MeasureAsync(Measurement measurement, string[] paths, CancellationToken cancellationToken)
    {
        foreach (var missing in paths.Where(path => !File.Exists(path)))
        {
            throw new ToolException(Directory.Exists(missing) ? $"{missing}: is a directory." : $"{missing}: there is no such file.");
        }

        var files = new List<FileScores>();
        if (!_console.IsErrorInteractive)
        {
            foreach (var path in paths)
            {
                files.Add(await MeasureAsync(measurement, path, static _ => { }, cancellationToken).ConfigureAwait(false));
            }

            return files;
        }

        await _console.Progress().Progress().AutoClear(true).StartAsync(async context =>
        {
            foreach (var path in paths)
            {
                var task = context.AddTask(Markup.Escape(Path.GetFileName(path)), maxValue: 1);
                files.Add(await MeasureAsync(measurement, path, done => task.Value = done, cancellationToken).ConfigureAwait(false));
                task.Value = 1;
            }
        }).ConfigureAwait(false);
        return files;
    }

    private static async Task<FileScores> MeasureAsync(
        Measurement measurement,
        string path,
        Action<double> progress,
        CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            try
            {
                var input = await DataStream.OpenAsync(file, cancellationToken).ConfigureAwait(false);
                await using (input.ConfigureAwait(false))
                {
                    var length = Math.Max(1.0, file.Length);
                    return await measurement.RunAsync(input, path, () =>
                        progress(file.CanRead ? file.Position / length : 1), cancellationToken).ConfigureAwait(false);
                }
            }
            catch (InvalidDataException)
            {
                throw new ToolException($"{path}: the gzip data is damaged.");
            }
        }
    }

    private async Task<int> TellAsync(EvalReport report, ParseResult parsed, CancellationToken cancellationToken)
    {
        ConsoleReport.Write(report, _console.Ansi(color: null));
        if (parsed.GetValue(_json) is { } json)
        {
            await File.WriteAllBytesAsync(json, JsonReport.Of(report), cancellationToken).ConfigureAwait(false);
        }

        if (parsed.GetValue(_html) is { } html)
        {
            await File.WriteAllTextAsync(html, HtmlReport.Of(report), cancellationToken).ConfigureAwait(false);
        }

        foreach (var problem in report.Files.SelectMany(f => f.Problems))
        {
            await _console.Error.WriteLineAsync($"llmguard: {problem}").ConfigureAwait(false);
        }

        var missed = Missed(report.Total, parsed).ToArray();
        foreach (var threshold in missed)
        {
            await _console.Error.WriteLineAsync($"llmguard: {threshold}").ConfigureAwait(false);
        }

        return report.Total.Failed > 0 ? ExitCodes.Unusable : missed.Length > 0 ? ExitCodes.Objection : ExitCodes.Ok;
    }

    private IEnumerable<string> Missed(FileScores total, ParseResult parsed)
    {
        if (parsed.GetValue(_minF1) is { } minF1 && !(total.Rows.F1 >= minF1))
        {
            var f1 = total.Rows.F1;
            yield return $"--min-f1 {Numbers.Rate(minF1)} is missed: F1 is {Numbers.Rate(f1)}{Reason(f1, "no row is labelled positive")}";
        }

        if (parsed.GetValue(_maxFpr) is { } maxFpr && !(total.Rows.FalsePositiveRate <= maxFpr))
        {
            var rate = total.Rows.FalsePositiveRate;
            var reason = Reason(rate, "no row is labelled negative");
            yield return $"--max-fpr {Numbers.Rate(maxFpr)} is missed: the false-positive rate is {Numbers.Rate(rate)}{reason}";
        }

        if (parsed.GetValue(_minSpanF1) is { } minSpanF1 && !(total.AllTypes.F1 >= minSpanF1))
        {
            var f1 = total.AllTypes.F1;
            yield return $"--min-span-f1 {Numbers.Rate(minSpanF1)} is missed: F1 by span is {Numbers.Rate(f1)}{Reason(f1, "no span is labelled")}";
        }
    }

    private static string Reason(double? rate, string reason) => rate is null ? $" ({reason})" : "";
}
