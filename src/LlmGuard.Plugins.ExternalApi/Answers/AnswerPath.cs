using System.Globalization;
using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>
/// A place in an answer: a JSON pointer (<c>/result/scores/0</c>), or names with dots between them as the plugin guide writes it. The name <c>*</c>
/// stands for every item of a list and every member of an object.
/// </summary>
internal sealed class AnswerPath
{
    private const int MaxSteps = 32;
    private const string Every = "*";

    private readonly string[] _steps;

    private AnswerPath(string[] steps) => _steps = steps;

    /// <exception cref="FormatException">It is no path.</exception>
    public static AnswerPath Parse(string text)
    {
        string[] steps = text switch
        {
            "" => [],
            ['/', ..] => [.. text[1..].Split('/').Select(JsonPointer.Unescape)],
            _ => text.Split('.'),
        };
        return steps.Length > MaxSteps || (text is not ['/', ..] && steps.Any(static s => s.Length == 0))
            ? throw new FormatException(
                $"expected a JSON pointer such as \"/result/score\", or names with dots between them; at most {MaxSteps} levels")
            : new AnswerPath(steps);
    }

    /// <summary>Collects what is there.</summary>
    /// <param name="root">The answer.</param>
    /// <param name="found">Receives the values.</param>
    /// <returns>Whether all of it is there: false when the path, or one of its branches, ends before its end. JSON null is not there.</returns>
    public bool Collect(JsonElement root, List<JsonElement> found) => Collect(root, _steps, found);

    /// <summary>The only value there.</summary>
    /// <exception cref="UnusableAnswerException">There is none, or more than one.</exception>
    public JsonElement Single(JsonElement root) => Optional(root) ?? throw new UnusableAnswerException();

    /// <summary>The only value there; null when there is none.</summary>
    /// <exception cref="UnusableAnswerException">There is more than one.</exception>
    public JsonElement? Optional(JsonElement root)
    {
        var found = new List<JsonElement>(1);
        var isWhole = Collect(root, found);
        return found.Count switch
        {
            0 => null,
            1 when isWhole => found[0],
            _ => throw new UnusableAnswerException(),
        };
    }

    private static bool Collect(JsonElement value, ReadOnlySpan<string> steps, List<JsonElement> found)
    {
        if (steps.IsEmpty)
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                return false;
            }

            found.Add(value);
            return true;
        }

        return steps[0] == Every ? CollectEvery(value, steps[1..], found)
            : Child(value, steps[0]) is { } child && Collect(child, steps[1..], found);
    }

    private static bool CollectEvery(JsonElement value, ReadOnlySpan<string> rest, List<JsonElement> found)
    {
        var isWhole = value.ValueKind is JsonValueKind.Array or JsonValueKind.Object;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                isWhole &= Collect(item, rest, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                isWhole &= Collect(member.Value, rest, found);
            }
        }

        return isWhole;
    }

    private static JsonElement? Child(JsonElement value, string step) => value.ValueKind switch
    {
        JsonValueKind.Object => value.TryGetProperty(step, out var member) ? member : null,
        JsonValueKind.Array => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < value.GetArrayLength()
            ? value[index]
            : null,
        _ => null,
    };
}
