using System.Globalization;
using LlmGuard.Telemetry;
using LlmGuard.Tool.Evaluation;
using Spectre.Console;

namespace LlmGuard.Tool.Scans;

/// <summary>Shows a verdict on one text to a person.</summary>
internal sealed class TextScanView(IAnsiConsole console)
{
    private static readonly Style Found = new(Color.Black, Color.Yellow);
    private static readonly Style Quiet = new(Color.Grey);

    public void Show(ReadOnlyMemory<byte> utf8, TextVerdict verdict)
    {
        Line($"action: {verdict.Word}", new Style(ColorOf(verdict), decoration: Decoration.Bold));
        if (verdict.Refusal is { } refusal)
        {
            Line($"refused by {refusal.Code} with status {refusal.StatusCode}: {refusal.Message}");
        }

        foreach (var (plugin, failure) in verdict.Failures)
        {
            Line($"no verdict from {plugin}: {Words.Of(failure.Class)} failure, {failure.Reason}", new Style(Color.Red));
        }

        Line(verdict.Findings.Count == 0 ? "findings: none" : "findings:");
        foreach (var finding in verdict.Findings)
        {
            var place = finding.Span is null ? "whole call" : string.Create(CultureInfo.InvariantCulture, $"{finding.Start}-{finding.End}");
            var confidence = finding.Confidence.ToString("0.##", CultureInfo.InvariantCulture);
            Line($"  {place,-12} {finding.Plugin}  {finding.Rule}  {finding.Type}  confidence {confidence}");
        }

        Line("text:", Quiet);
        ShowMarked(utf8.Span, verdict);
        if (verdict.Action == GuardrailAction.Modify)
        {
            Line("after edits:", Quiet);
            Line(Last(verdict.Text.Span));
        }
    }

    private static Color ColorOf(TextVerdict verdict) => verdict.Action switch
    {
        _ when verdict.IsUnjudged => Color.Red,
        GuardrailAction.Allow => Color.Green,
        GuardrailAction.Block => Color.Red,
        _ => Color.Yellow,
    };

    private void ShowMarked(ReadOnlySpan<byte> utf8, TextVerdict verdict)
    {
        var position = 0;
        foreach (var span in verdict.Findings.Where(f => f.Span is not null).Select(f => f.Span!.Value).OrderBy(s => s.Start).ThenBy(s => s.End))
        {
            var start = Math.Max(position, span.Start);
            if (span.End > start)
            {
                console.Write(VisibleText.Of(utf8[position..start]));
                console.Write(VisibleText.Of(utf8[start..span.End]), Found);
                position = span.End;
            }
        }

        Line(Last(utf8[position..]));
    }

    /// <summary>The end of a text without its last line break, which the line written brings itself.</summary>
    private static string Last(ReadOnlySpan<byte> utf8) => VisibleText.Of(utf8.EndsWith("\n"u8) ? utf8[..^1] : utf8);

    private void Line(string text, Style? style = null)
    {
        console.Write(text, style ?? Style.Plain);
        console.WriteLine();
    }
}
