using System.Text.Json;

namespace LlmGuard.Policy;

/// <summary>One document that a policy is made of.</summary>
/// <param name="Origin">Where it came from: a file name, <c>code</c>, or a configuration section.</param>
/// <param name="Root">Its content.</param>
internal sealed record PolicySource(string Origin, SettingsNode Root)
{
    /// <summary>What is wrong with it as far as its source can tell.</summary>
    public IReadOnlyList<SettingsProblem> Problems { get; init; } = [];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads strict JSON; a byte order mark is skipped.</summary>
    /// <param name="origin">Where the text came from.</param>
    /// <param name="utf8">The text.</param>
    /// <param name="rootPath">The JSON path of the root: <c>$</c>, or with several files <c>name#$</c>.</param>
    /// <exception cref="GuardrailPolicyException">It is not strict JSON.</exception>
    public static PolicySource Parse(string origin, ReadOnlyMemory<byte> utf8, string rootPath = "$")
    {
        try
        {
            var text = utf8.Span.StartsWith(ByteOrderMark) ? utf8[ByteOrderMark.Length..] : utf8;
            return new PolicySource(origin, SettingsNodeParser.Parse(text, rootPath));
        }
        catch (JsonException problem) when (problem.Path is { } path)
        {
            // Found by our own reading, whose message begins with the place.
            throw new GuardrailPolicyException(origin, [new SettingsProblem(path, $"is not strict JSON: {problem.Message[(path.Length + 2)..]}")]);
        }
        catch (JsonException problem)
        {
            throw new GuardrailPolicyException(origin, [new SettingsProblem(rootPath, Explain(problem))]);
        }
    }

    // The parser's own messages may quote the text, which may hold secrets; where it gives a position, the position is enough.
    private static string Explain(JsonException problem) => problem.LineNumber is { } line
        ? $"is not strict JSON: line {line + 1}, byte {problem.BytePositionInLine + 1}"
        : $"is not strict JSON: {problem.Message}";
}
