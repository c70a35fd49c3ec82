using LlmGuard.Tool.Measuring;
using LlmGuard.Tool.Scans;
using Spectre.Console;

namespace LlmGuard.Tool.Reports;

/// <summary>Shows a report as tables.</summary>
internal static class ConsoleReport
{
    public static void Write(EvalReport report, IAnsiConsole console)
    {
        var files = Table("file", "rows", "TP", "FP", "FN", "TN", "precision", "recall", "F1", "FPR", "p50", "p90", "p99", "failed");
        foreach (var file in report.Files.Count > 1 ? report.Files.Append(report.Total) : report.Files)
        {
            var rows = file.Rows;
            Add(
                files,
                file.Name,
                [.. ((long[])[file.Total, rows.TruePositives, rows.FalsePositives, rows.FalseNegatives, rows.TrueNegatives]).Select(Numbers.Count),
                .. ((double?[])[rows.Precision, rows.Recall, rows.F1, rows.FalsePositiveRate]).Select(Numbers.Rate),
                .. ((double[])[0.5, 0.9, 0.99]).Select(share => Numbers.Time(file.Latency.Percentile(share))),
                Numbers.Count(file.Failed)]);
        }

        console.Write(files);
        WriteTypes(report.Total, console);
        WriteRules(report.Total, console);
    }

    private static void WriteTypes(FileScores total, IAnsiConsole console)
    {
        if (!total.Types.Any())
        {
            return;
        }

        var table = Table("spans of type", "labelled", "found", "predicted", "right", "precision", "recall", "F1", "exact F1");
        foreach (var (type, score) in total.Types.Append(new("all types", total.AllTypes)))
        {
            Add(
                table,
                type,
                [.. ((long[])[score.Gold, score.Found, score.Predicted, score.Right]).Select(Numbers.Count),
                .. ((double?[])[score.Precision, score.Recall, score.F1, score.ExactF1]).Select(Numbers.Rate)]);
        }

        console.Write(table);
    }

    private static void WriteRules(FileScores total, IAnsiConsole console)
    {
        if (!total.Rules.Any())
        {
            return;
        }

        var table = Table("rule", "findings", "TP rows", "FP rows", "precision", "recall", "F1", "FPR");
        foreach (var ((plugin, rule), score) in total.Rules)
        {
            var rows = score.Against(total.Rows);
            Add(
                table,
                $"{plugin} {rule}",
                [.. ((long[])[score.Findings, score.TruePositives, score.FalsePositives]).Select(Numbers.Count),
                .. ((double?[])[rows.Precision, rows.Recall, rows.F1, rows.FalsePositiveRate]).Select(Numbers.Rate)]);
        }

        console.Write(table);
    }

    private static Table Table(string first, params ReadOnlySpan<string> others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(new Text(first)).NoWrap());
        foreach (var name in others)
        {
            table.AddColumn(new TableColumn(new Text(name)).RightAligned().NoWrap());
        }

        return table;
    }

    // Names of files and rules are somebody's text: neither markup nor escape sequences.
    private static void Add(Table table, string name, IEnumerable<string> cells) =>
        table.AddRow(((IEnumerable<string>)[VisibleText.Of(name), .. cells]).Select(cell => new Text(cell)));
}
