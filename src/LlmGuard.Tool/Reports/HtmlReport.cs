using LlmGuard.Tool.Measuring;

namespace LlmGuard.Tool.Reports;

/// <summary>Writes a report as one HTML page that needs nothing else: no script, no font, no picture from anywhere.</summary>
internal static class HtmlReport
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>llmguard eval</title><style>
        :root{color-scheme:light dark;--bg:#fff;--fg:#1d2530;--dim:#5b6573;--line:#d8dde4;--c0:#2f6fde;--c1:#1a9a6c;--c2:#8a55d7;--c3:#d9533f}
        @media (prefers-color-scheme:dark){:root{--bg:#14181f;--fg:#e3e8ef;--dim:#98a3b3;--line:#323a46;--c0:#6ba0ff;--c1:#4bc796;--c2:#b48af0;--c3:#f07d6a}}
        body{background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1100px;padding:0 1rem}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:1px solid var(--line)}h3{font-size:1rem}
        p.dim,.legend{color:var(--dim)}.wide{overflow-x:auto}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25rem .7rem;border-bottom:1px solid var(--line);text-align:right}
        th:first-child{text-align:left}thead th{color:var(--dim);font-weight:600}tbody th{font-weight:500}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0 1rem;padding:.5rem;border:1px solid var(--line)}
        svg text{fill:var(--fg);font:12px system-ui,sans-serif}svg .name{text-anchor:end}svg .value{fill:var(--dim);font-size:11px}
        .s0{fill:var(--c0)}.s1{fill:var(--c1)}.s2{fill:var(--c2)}.s3{fill:var(--c3)}
        .key{display:inline-block;width:.8em;height:.8em;margin:0 .35em 0 1em}.k0{background:var(--c0)}.k1{background:var(--c1)}.k2{background:var(--c2)}.k3{background:var(--c3)}
        </style></head><body>

        """;

    public static string Of(EvalReport report)
    {
        var html = new Html().Raw(Head).Element("h1", "llmguard eval");
        var run = $"policy {report.Policy}, revision {report.Revision}, stage {report.Stage}";
        html.Element("p", $"{run}; a row counts as found from the action {report.Positive} up", "class=\"dim\"");
        var files = report.Files.Count > 1 ? [.. report.Files, report.Total] : report.Files;
        WriteRows(html, files);
        WriteTypes(html, report.Total);
        WriteRules(html, report.Total);
        WriteLatency(html, files);
        WriteWrongRows(html, report);
        return html.Raw("</body></html>\n").ToString();
    }

    private static void WriteRows(Html html, IReadOnlyList<FileScores> files)
    {
        html.Element("h2", "Rows by file");
        var chart = new BarChart("Precision, recall, F1 and false-positive rate by file", ["precision", "recall", "F1", "false-positive rate"]);
        foreach (var file in files)
        {
            var rows = file.Rows;
            chart.Add(Path.GetFileName(file.Name), Bar(rows.Precision), Bar(rows.Recall), Bar(rows.F1), Bar(rows.FalsePositiveRate));
        }

        chart.WriteTo(html);
        html.Table(
            ["file", "rows", "true positives", "false positives", "false negatives", "true negatives",
                "unlabelled", "failed", "precision", "recall", "F1", "FPR", "false findings"],
            files.Select(file => (IReadOnlyList<string>)
            [
                file.Name,
                .. ((long[])[file.Total, file.Rows.TruePositives, file.Rows.FalsePositives,
                    file.Rows.FalseNegatives, file.Rows.TrueNegatives, file.Unlabelled, file.Failed])
                    .Select(Numbers.Count),
                .. ((double?[])[file.Rows.Precision, file.Rows.Recall, file.Rows.F1, file.Rows.FalsePositiveRate]).Select(Numbers.Rate),
                Numbers.Count(file.FalseFindings),
            ]));
    }

    private static void WriteTypes(Html html, FileScores total)
    {
        if (!total.Types.Any())
        {
            return;
        }

        html.Element("h2", "Spans by type");
        var chart = new BarChart("Precision, recall and F1 by type of span", ["precision", "recall", "F1", "exact F1"]);
        foreach (var (type, score) in total.Types)
        {
            chart.Add(type, Bar(score.Precision), Bar(score.Recall), Bar(score.F1), Bar(score.ExactF1));
        }

        chart.WriteTo(html);
        html.Table(
            ["type", "labelled", "found", "predicted", "right", "exact", "precision", "recall", "F1", "exact F1"],
            total.Types.Append(new("all types", total.AllTypes)).Select(t => (IReadOnlyList<string>)
            [
                t.Key,
                .. ((long[])[t.Value.Gold, t.Value.Found, t.Value.Predicted, t.Value.Right, t.Value.Exact]).Select(Numbers.Count),
                .. ((double?[])[t.Value.Precision, t.Value.Recall, t.Value.F1, t.Value.ExactF1]).Select(Numbers.Rate),
            ]));
    }

    private static void WriteRules(Html html, FileScores total)
    {
        if (!total.Rules.Any())
        {
            return;
        }

        html.Element("h2", "Rules").Table(
            ["rule", "findings", "positive rows", "negative rows", "precision", "recall", "F1", "FPR"],
            total.Rules.Select(r =>
                (Name: $"{r.Key.Plugin} {r.Key.Rule}", Score: r.Value, Rows: r.Value.Against(total.Rows))).Select(r => (IReadOnlyList<string>)
            [
                r.Name,
                .. ((long[])[r.Score.Findings, r.Score.TruePositives, r.Score.FalsePositives]).Select(Numbers.Count),
                .. ((double?[])[r.Rows.Precision, r.Rows.Recall, r.Rows.F1, r.Rows.FalsePositiveRate]).Select(Numbers.Rate),
            ]));
    }

    private static void WriteLatency(Html html, IReadOnlyList<FileScores> files)
    {
        html.Element("h2", "Latency of a row");
        var chart = new BarChart("Latency percentiles by file", ["p50", "p90", "p99"]);
        var longest = files.Max(f => f.Latency.Percentile(0.99)?.TotalMicroseconds) ?? 1;
        foreach (var file in files)
        {
            var times = ((double[])[0.5, 0.9, 0.99]).Select(share => file.Latency.Percentile(share));
            chart.Add(Path.GetFileName(file.Name), [.. times.Select(t => (t?.TotalMicroseconds / Math.Max(longest, 0.1), Numbers.Time(t)))]);
        }

        chart.WriteTo(html);
    }

    private static void WriteWrongRows(Html html, EvalReport report)
    {
        html.Element("h2", "Rows judged wrongly");
        var texts = report.HasTexts ? "" : " Texts are left out; --include-texts shows them.";
        html.Element("p", $"At most {FileScores.MaxWrongRows} of each sort a file.{texts}", "class=\"dim\"");
        foreach (var file in report.Files)
        {
            foreach (var group in file.WrongRows.GroupBy(r => r.IsMiss))
            {
                html.Element("h3", $"{file.Name}: {(group.Key ? "missed" : "false alarms")}");
                if (!report.HasTexts)
                {
                    html.Element("p", "lines " + string.Join(", ", group.Select(r => Numbers.Count(r.Line))));
                    continue;
                }

                foreach (var row in group)
                {
                    html.Element("p", $"line {Numbers.Count(row.Line)}{(row.Rules.Length > 0 ? ": " : "")}{row.Rules}")
                        .Element("pre", row.Text ?? "");
                }
            }
        }
    }

    private static (double? Share, string Label) Bar(double? rate) => (rate, Numbers.Rate(rate));
}
