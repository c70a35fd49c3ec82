using System.Globalization;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Keywords and expressions that belong together: those of the entry itself, or of one of its topics.</summary>
internal sealed class TopicList
{
    private static readonly string[] AllRoles = ["system", "user", "assistant", "tool"];

    private readonly string _prefix;
    private readonly string? _name;
    private readonly IReadOnlyList<string> _roles;

    private TopicList(GuardrailSettings settings, string prefix, string? name, IReadOnlyList<string> roles, PatternCheck check)
    {
        (_prefix, _name, _roles) = (prefix, name, roles);
        Keywords = ReadKeywords(settings);
        Patterns = ReadPatterns(settings, check);
    }

    /// <summary>The keywords; empty for one that was refused.</summary>
    public List<string> Keywords { get; }

    /// <summary>The expressions; null for one that was refused.</summary>
    public List<ModerationPattern?> Patterns { get; }

    /// <summary>What the keywords are called.</summary>
    public IEnumerable<ModerationRule> KeywordRules => Keywords.Select((_, number) => Rule("keywords", "keyword", number));

    /// <summary>What the expressions are called.</summary>
    public IEnumerable<ModerationRule> PatternRules => Patterns.Select((_, number) => Rule("regex", "pattern", number));

    /// <summary>Reads the lists of an entry: its own first, then its topics in their order.</summary>
    public static IReadOnlyList<TopicList> Read(GuardrailSettings settings)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var check = new PatternCheck();
        var own = new TopicList(settings, "", null, [], check);
        return [own, .. settings.List("topics", topic => ReadTopic(topic, names, check))];
    }

    private static TopicList ReadTopic(GuardrailSettings topic, HashSet<string> names, PatternCheck check)
    {
        var name = topic.RequiredString("name");
        if (name.Length > 0 && (name.Length > 40 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '-'))))
        {
            topic.Problem("name", "expected at most 40 lower-case letters, digits, hyphens and underscores");
        }
        else if (!names.Add(name))
        {
            topic.Problem("name", "is the name of an earlier topic");
        }

        var roles = ReadRoles(topic);
        var list = new TopicList(topic, $"topics.{name}.", name, roles, check);
        if (list.Keywords.Count + list.Patterns.Count == 0)
        {
            topic.Problem(null, "expected at least one item in \"keywords\" or \"regex\"");
        }

        return list;
    }

    private static List<string> ReadRoles(GuardrailSettings topic)
    {
        var problems = topic.Problems.Count;
        string?[] texts = [.. ReadTexts(topic, "roles")];
        if (texts.Length == 0 && topic.Has("roles") && topic.Problems.Count == problems)
        {
            topic.Problem("roles", "names no role, so that the topic would never count");
        }

        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is { } role && !AllRoles.Contains(role, StringComparer.Ordinal))
            {
                topic.Problem("roles", i, $"expected one of {string.Join(", ", AllRoles)}");
            }
        }

        return [.. texts.OfType<string>()];
    }

    private ModerationRule Rule(string key, string type, int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_prefix}{key}[{number}]"), _name ?? type, _roles);

    private static List<string> ReadKeywords(GuardrailSettings settings)
    {
        var keywords = new List<string>();
        foreach (var keyword in ReadTexts(settings, "keywords"))
        {
            var isSearchable = keyword is null || FuzzyWords.IsSearchable(keyword);
            if (!isSearchable)
            {
                settings.Problem(
                    "keywords", keywords.Count, $"expected a text with something visible in it and at most {FuzzyWords.LongestKeyword} characters");
            }

            // What was refused keeps its place, so that the others keep their numbers.
            keywords.Add(isSearchable && keyword is not null ? keyword : "");
        }

        return keywords;
    }

    // Null stands for a pattern that was refused.
    private static List<ModerationPattern?> ReadPatterns(GuardrailSettings settings, PatternCheck check)
    {
        var patterns = new List<ModerationPattern?>();
        foreach (var text in ReadTexts(settings, "regex"))
        {
            ModerationPattern? pattern = null;
            try
            {
                pattern = text is null ? null : ModerationPattern.Compile(text, check);
            }
            catch (FormatException refusal)
            {
                settings.Problem("regex", patterns.Count, refusal.Message);
            }

            patterns.Add(pattern);
        }

        return patterns;
    }

    // Null stands for an item that has been reported for its type.
    private static IEnumerable<string?> ReadTexts(GuardrailSettings settings, string key)
    {
        var problems = settings.Problems.Count;
        var texts = settings.Strings(key);
        var isMistyped = settings.Problems.Count > problems;
        return texts.Select(text => isMistyped && text.Length == 0 ? null : text);
    }
}
