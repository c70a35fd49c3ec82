using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.DataMasking.Settings;

/// <summary>Reads lists of values and patterns.</summary>
internal static class ExceptionSettings
{
    /// <summary>Most items of one list.</summary>
    public const int MaxItems = 1000;

    /// <summary>Longest value in UTF-16 code units.</summary>
    public const int MaxLength = 1024;

    /// <summary>Reads <c>allow</c> and <c>allow_patterns</c>; null when there are none.</summary>
    /// <param name="settings">Where they stand.</param>
    /// <param name="outerValues">Values that are harmless everywhere.</param>
    /// <param name="outerPatterns">Patterns of such values.</param>
    public static Exceptions? Read(GuardrailSettings settings, IReadOnlyList<string> outerValues, IReadOnlyList<PatternProgram> outerPatterns)
    {
        var values = Values(settings, "allow");
        var patterns = Patterns(settings, "allow_patterns", isWhole: true);
        return values.Count + patterns.Count + outerValues.Count + outerPatterns.Count == 0
            ? null
            : new Exceptions([.. values, .. outerValues], [.. patterns, .. outerPatterns]);
    }

    /// <summary>Reads a list of values.</summary>
    public static IReadOnlyList<string> Values(GuardrailSettings settings, string key)
    {
        var values = settings.Strings(key);
        settings.RefuseEmpty(key);
        CheckCount(settings, key, values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Length is 0 or > MaxLength)
            {
                settings.Problem(key, i, $"has {values[i].Length} characters: expected 1 to {MaxLength}");
            }
        }

        return [.. values.Where(static v => v.Length is > 0 and <= MaxLength)];
    }

    /// <summary>Reads a list of patterns.</summary>
    public static List<PatternProgram> Patterns(GuardrailSettings settings, string key, bool isWhole)
    {
        var programs = new List<PatternProgram>();
        var texts = settings.Strings(key);
        settings.RefuseEmpty(key);
        CheckCount(settings, key, texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length is 0 or > MaxLength)
            {
                settings.Problem(key, i, $"has {texts[i].Length} characters: expected 1 to {MaxLength}");
                continue;
            }

            try
            {
                // Alone first: what does not stand on its own must not become whole by what is put around it.
                var program = PatternProgram.Compile(texts[i]);
                programs.Add(isWhole ? PatternProgram.Compile($@"\A(?:{texts[i]})\z") : program);
            }
            catch (FormatException problem)
            {
                settings.Problem(key, i, problem.Message);
            }
        }

        return programs;
    }

    private static void CheckCount(GuardrailSettings settings, string key, int count)
    {
        if (count > MaxItems)
        {
            settings.Problem(key, $"has {count} items: expected at most {MaxItems}");
        }
    }
}
