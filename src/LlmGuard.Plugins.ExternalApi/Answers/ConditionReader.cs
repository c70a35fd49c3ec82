using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>Reads <c>conditions</c>.</summary>
internal static class ConditionReader
{
    private const string Status = "$status";

    private static readonly AnswerPath Whole = AnswerPath.Parse("");

    public static IReadOnlyList<Condition> ReadAll(GuardrailSettings settings)
    {
        var number = 0;
        var conditions = settings.List("conditions", item => Read(item, ++number));
        foreach (var (name, _) in conditions.CountBy(static c => c.Name, StringComparer.Ordinal).Where(static c => c.Value > 1))
        {
            settings.Problem("conditions", $"two conditions have the name \"{name}\"");
        }

        return conditions;
    }

    private static Condition Read(GuardrailSettings item, int number)
    {
        var field = item.RequiredString("field");
        var comparison = ComparisonReader.Read(item, out var shouldExist);
        if (field == Status && comparison is not (Comparison.Equal or Comparison.Ordered or Comparison.In))
        {
            item.Problem("operator", "the status is a number: eq, neq, gt, lt, gte, lte or in");
        }

        var action = ActionOf(item);
        var message = MessageTemplate.Read(item, "message");
        var statusCode = item.OptionalInt32("status_code", 400, 499);

        // The guide's conditions have a message, whether they stop the flow or not.
        item.RefuseIdle(action != ConditionAction.Block && !item.Has("stop_flow"), "unless \"action\" is \"block\"", "message");
        item.RefuseIdle(action != ConditionAction.Block, "unless \"action\" is \"block\"", "status_code");
        return new Condition(
            item.Parsed("name", NameOf, $"condition_{number}"),
            field == Status ? null : item.Parsed("field", AnswerPath.Parse, Whole),
            field == Status ? comparison ?? new Comparison.In([]) : comparison,
            shouldExist,
            action,
            message,
            statusCode);
    }

    private static string NameOf(string text) =>
        text.Length is > 0 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
        ? text
        : throw new FormatException("expected a name of up to 64 letters, digits, hyphens, dots and underscores");

    // The guide's word for it is whether the flow stops.
    private static ConditionAction ActionOf(GuardrailSettings item)
    {
        var stops = item.Boolean("stop_flow", true);
        var byFlow = stops ? ConditionAction.Block : ConditionAction.Flag;
        var action = item.Choice(
            "action",
            byFlow,
            KeyValuePair.Create("allow", ConditionAction.Allow),
            KeyValuePair.Create("flag", ConditionAction.Flag),
            KeyValuePair.Create("mask", ConditionAction.Mask),
            KeyValuePair.Create("block", ConditionAction.Block));
        if (item.Has("stop_flow") && stops != (action == ConditionAction.Block))
        {
            item.Problem("stop_flow", "says something else than \"action\": give one of them");
        }

        return action;
    }
}
