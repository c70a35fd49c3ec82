using System.Globalization;
using System.Text;
using LlmGuard.Planning;

namespace LlmGuard.Explain;

/// <summary>Writes an explanation for people.</summary>
internal static class ExplanationText
{
    public static string Of(GuardrailPlanExplanation explanation)
    {
        var text = new StringBuilder();
        var scope = explanation.Scope;
        Line(text, 0, $"policy {explanation.Revision}");
        Line(text, 0, $"gateway {scope.Gateway}, service {scope.Service ?? "(none)"}, rule {scope.Rule ?? "(none)"}, "
            + $"groups {List(scope.ConsumerGroups, "(none)")}, consumer {scope.Consumer ?? "(none)"}");
        if (explanation.IsAmbiguousPath)
        {
            Line(text, 0, $"REFUSED: {RefusalCodes.AmbiguousPath}; the plan below is the one without rule");
        }

        if (explanation.IsUnidentifiedRefused)
        {
            Line(text, 0, $"REFUSED: {RefusalCodes.Unidentified}");
        }

        foreach (var stage in explanation.Stages)
        {
            Line(text, 0, stage.Entries.Count == 0 ? $"{PolicyNames.Of(stage.Stage)}: nothing" : $"{PolicyNames.Of(stage.Stage)}:");
            for (var i = 0; i < stage.Entries.Count; i++)
            {
                Write(text, i + 1, stage.Entries[i]);
            }
        }

        Section(text, "overrides", explanation.Overrides);
        Line(text, 0,
            $"limits: {string.Join(", ", explanation.Limits.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value}")))}");
        Line(text, 0, $"uninspected: {string.Join(", ", explanation.Uninspected.Select(u => $"{u.Key} {u.Value}"))}");
        Line(text, 0, $"deny_with {explanation.DenyWith}, dialect {explanation.Dialect ?? "(found from the request)"}");
        Line(text, 0, $"hold-back of streams: {Bytes(explanation.HoldBackBytes)}");
        if (explanation.WhyStreamsAreHeld is { } why)
        {
            Line(text, 0, $"streams are held whole: {why}");
        }

        Section(text, "notes", explanation.Notes);
        return text.ToString();
    }

    private static void Write(StringBuilder text, int number, GuardrailEntryExplanation entry)
    {
        var order = entry.IsParallel ? "parallel" : string.Create(CultureInfo.InvariantCulture, $"priority {entry.Priority}");
        var mode = entry.IsMonitor ? "monitor" : "enforce";
        var onError = entry.OnError == FailurePolicy.Block ? "block" : "allow";
        var timeout = entry.Timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        var (name, locked) = (entry.Entry, entry.IsLocked ? ", locked" : "");
        Line(text, 1, $"{number}. {name.Plugin} '{name.Id}' from {name.Level} {name.Owner}, {entry.DocumentPath}{locked}");
        Line(text, 2,
            $"{order}, {mode}, on_error {onError}, timeout {timeout} ms, holds back {Bytes(entry.HoldBackBytes)}, streams {entry.StreamingMode}");
        if (entry.Roles.Count + entry.Kinds.Count + entry.Sources.Count > 0)
        {
            var sources = List([.. entry.Sources.Select(PolicyNames.Of)], "all");
            Line(text, 2, $"only roles {List(entry.Roles, "all")}, kinds {List(entry.Kinds, "all")}, sources {sources}");
        }

        foreach (var replaced in entry.Replaced)
        {
            Line(text, 2, replaced);
        }

        if (entry.RunsFor.Count > 0)
        {
            Line(text, 2, $"runs also for the identical {string.Join(" and ", entry.RunsFor)}");
        }
    }

    private static void Section(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        Line(text, 0, $"{title}:");
        foreach (var line in lines)
        {
            Line(text, 1, line);
        }
    }

    private static string List(IReadOnlyList<string> names, string none) => names.Count == 0 ? none : string.Join("/", names);

    private static string Bytes(int? bytes) =>
        bytes is { } count ? string.Create(CultureInfo.InvariantCulture, $"at most {count} bytes") : "whole text";

    private static void Line(StringBuilder text, int indent, string line) => text.Append(' ', indent * 2).Append(line).Append('\n');
}
