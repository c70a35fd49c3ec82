using System.Collections.Frozen;
using System.Text.Json;
using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Checks;

/// <summary>
/// Reads an answer of <c>InvokeGuardrailChecks</c>: which scores reach their thresholds, and whether everything asked for was scored.
/// </summary>
internal sealed class ChecksReading
{
    private readonly CheckSettings _checks;
    private readonly Passage[] _passages;
    private readonly List<Hit> _hits = [];
    private readonly List<Entity> _entities = [];

    private ChecksReading(CheckSettings checks, Passage[] passages) => (_checks, _passages) = (checks, passages);

    /// <summary>The categories whose score reaches the threshold.</summary>
    public IReadOnlyList<Hit> Hits => _hits;

    /// <summary>The sensitive information that is certain enough.</summary>
    public IReadOnlyList<Entity> Entities => _entities;

    /// <summary>Whether everything asked for was answered, and all of that understood.</summary>
    public bool IsComplete { get; private set; } = true;

    public static ChecksReading Of(JsonElement root, CheckSettings checks, Passage[] passages)
    {
        var reading = new ChecksReading(checks, passages);
        var results = root.Required("results");
        root.Required("usage").Members();
        reading.Read(results, "contentFilter", checks.Content.Count > 0, r =>
            reading.ReadScores(r, checks.Content, CheckSettings.ContentCategories, "content"));
        reading.Read(results, "promptAttack", checks.Attacks.Count > 0, r =>
            reading.ReadScores(r, checks.Attacks, CheckSettings.AttackCategories, "attack"));
        reading.Read(results, "sensitiveInformation", checks.Pii.Count > 0, reading.ReadEntities);
        return reading;
    }

    private void Read(JsonElement results, string name, bool isAsked, Action<JsonElement> read)
    {
        if (isAsked)
        {
            Attempt(() => read(results.Required(name)));
        }
    }

    private void ReadScores(JsonElement result, IReadOnlyDictionary<string, double> thresholds, FrozenSet<string> known, string type)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in result.Required("results").Items())
        {
            Attempt(() =>
            {
                var category = entry.Required("category").Text();
                var score = entry.Required("severityScore").Number(0, 1);
                IsComplete &= known.Contains(category);
                seen.Add(category);
                if (thresholds.TryGetValue(category, out var threshold) && score >= threshold)
                {
                    _hits.Add(new Hit($"{type}.{category.ToLowerInvariant()}", type, category.Replace('_', ' ').ToLowerInvariant(), score));
                }
            });
        }

        IsComplete &= thresholds.Keys.All(seen.Contains);
    }

    private void ReadEntities(JsonElement result)
    {
        foreach (var entry in result.Required("results").Items())
        {
            Attempt(() => ReadEntity(entry));
        }

        // The list ends where the service stopped writing, and the text does not.
        IsComplete &= result.Optional("truncated")?.Boolean() != true;
    }

    private void ReadEntity(JsonElement entry)
    {
        var type = entry.Required("type").Text();
        var score = entry.Required("confidenceScore").Number(0, 1);
        var begin = entry.Required("beginOffset").Int32(0, int.MaxValue);
        var end = entry.Required("endOffset").Int32(0, int.MaxValue);
        var message = entry.Required("messageIndex").Int32(0, _passages.Length - 1);
        entry.Required("contentIndex").Int32(0, 0);
        if (!PiiTypes.IsKnown(type))
        {
            throw new UnusableAnswerException();
        }

        if (score >= _checks.MinConfidence && _checks.Pii.Contains(type, StringComparer.Ordinal))
        {
            var passage = _passages[message];
            _entities.Add(new Entity($"pii.{type.ToLowerInvariant()}", type, score, passage, CharacterOffsets.ToUtf8(passage.Utf8.Span, begin, end)));
        }
    }

    private void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (UnusableAnswerException)
        {
            IsComplete = false;
        }
    }

    /// <summary>A category that counts.</summary>
    internal readonly record struct Hit(string Code, string Type, string Shown, double Score);

    /// <summary>Sensitive information that counts, and where it lies.</summary>
    internal readonly record struct Entity(string Code, string Type, double Score, Passage Passage, IReadOnlyList<TextSpan> Spans);
}
