using System.Text.Json;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>Reads <c>operator</c> and <c>value</c> of a condition.</summary>
internal static class ComparisonReader
{
    private static readonly PatternProgram AnyLetter = PatternProgram.Compile("x");

    private static readonly KeyValuePair<string, Operator>[] Words =
    [
        KeyValuePair.Create("eq", Operator.Eq),
        KeyValuePair.Create("neq", Operator.Neq),
        KeyValuePair.Create("gt", Operator.Gt),
        KeyValuePair.Create("lt", Operator.Lt),
        KeyValuePair.Create("gte", Operator.Gte),
        KeyValuePair.Create("lte", Operator.Lte),
        KeyValuePair.Create("in", Operator.In),
        KeyValuePair.Create("contains", Operator.Contains),
        KeyValuePair.Create("matches", Operator.Matches),
        KeyValuePair.Create("exists", Operator.Exists),
    ];

    private enum Operator
    {
        None,
        Eq,
        Neq,
        Gt,
        Lt,
        Gte,
        Lte,
        In,
        Contains,
        Matches,
        Exists,
    }

    /// <summary>Reads a comparison; null for <c>exists</c>.</summary>
    /// <param name="item">The condition.</param>
    /// <param name="shouldExist">For <c>exists</c>: whether the field must be there.</param>
    public static Comparison? Read(GuardrailSettings item, out bool shouldExist)
    {
        shouldExist = true;
        var word = item.Choice("operator", Operator.None, Words);
        if (!item.Has("operator"))
        {
            item.Problem("operator", "is required: " + string.Join(", ", Words.Select(static w => w.Key)));
        }

        if (word is not (Operator.Exists or Operator.None) && !item.Has("value"))
        {
            item.Problem("value", "is required");
        }

        switch (word)
        {
            case Operator.Eq or Operator.Neq:
                return new Comparison.Equal(Scalar(item), word == Operator.Neq);
            case Operator.In:
                return new Comparison.In(List(item));
            case Operator.Gt:
                return new Comparison.Ordered(item.Number("value", 0), static (value, bound) => value > bound);
            case Operator.Gte:
                return new Comparison.Ordered(item.Number("value", 0), static (value, bound) => value >= bound);
            case Operator.Lt:
                return new Comparison.Ordered(item.Number("value", 0), static (value, bound) => value < bound);
            case Operator.Lte:
                return new Comparison.Ordered(item.Number("value", 0), static (value, bound) => value <= bound);
            case Operator.Contains:
                return new Comparison.Contains(item.RequiredString("value"));
            case Operator.Matches:
                return new Comparison.Matches(item.Parsed("value", PatternProgram.Compile, AnyLetter, required: true));
            case Operator.Exists:
                shouldExist = item.Boolean("value", true);
                return null;
            default:
                // Read, so that the missing operator is the only problem, and so that a schema knows the key.
                item.RawJson("value");
                return null;
        }
    }

    private static JsonElement Scalar(GuardrailSettings item)
    {
        var value = Json(item);
        if (!Scalars.IsScalar(value))
        {
            item.Problem("value", "expected a string, a number or a boolean");
        }

        return value;
    }

    private static JsonElement[] List(GuardrailSettings item)
    {
        var value = Json(item);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > 1000)
        {
            item.Problem("value", "expected a list of 1 to 1000 strings, numbers or booleans");
            return [];
        }

        var items = value.EnumerateArray().ToArray();
        if (!items.All(Scalars.IsScalar) || items.DistinctBy(TypeOf).Count() > 1)
        {
            item.Problem("value", "expected strings, numbers or booleans, all of one type");
        }

        return items;
    }

    // JSON has a kind for each boolean.
    private static JsonValueKind TypeOf(JsonElement item) => item.ValueKind == JsonValueKind.False ? JsonValueKind.True : item.ValueKind;

    private static JsonElement Json(GuardrailSettings item)
    {
        using var document = JsonDocument.Parse(item.RawJson("value") ?? "\"\"");
        return document.RootElement.Clone();
    }
}
