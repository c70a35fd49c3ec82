using System.Text.Json;
using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityAzure.Analysis;

/// <summary>Harm in a text, and words of blocklists: <c>text:analyze</c>.</summary>
internal sealed class TextAnalysis(ContentSafetySettings settings, Passage passage) : ContentSafetyInquiry(settings)
{
    public override Uri Address => Settings.Addresses.AnalyzeText;

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteString("text"u8, passage.Utf8.Span);
        body.WriteStrings("categories"u8, Settings.Harm.Categories);
        if (Settings.Blocklists.Count > 0)
        {
            body.WriteStrings("blocklistNames"u8, Settings.Blocklists);
            body.WriteBoolean("haltOnBlocklistHit"u8, Settings.HaltOnBlocklistHit);
        }

        body.WriteString("outputType"u8, Settings.Harm.Scale.Name);
        body.WriteEndObject();
    }

    protected override bool Read(JudgeAnswer answer, ConcernList concerns)
    {
        var isCompared = ReadBlocklists(answer.Root.Optional("blocklistsMatch"), concerns);
        var isHalted = Settings.HaltOnBlocklistHit && concerns.Count > 0;
        var isRated = CategoriesReading.Read(
            answer.Root.Optional("categoriesAnalysis"),
            Settings.Harm.Texts,
            Settings.Harm.Scale,
            (concern, gravity) => concerns.Add(concern, gravity, passage));

        // After a hit nothing else was looked at, as the policy wanted.
        return isCompared && (isRated || isHalted);
    }

    private bool ReadBlocklists(JsonElement? matches, ConcernList concerns)
    {
        if (matches is not { } found)
        {
            return Settings.Blocklists.Count == 0;
        }

        foreach (var match in found.Items())
        {
            var name = match.Required("blocklistName").Text();
            var rule = Settings.Blocklists.Contains(name, StringComparer.Ordinal) ? $"{Concern.Blocklist.Code}.{name}" : null;
            concerns.Add(Concern.Blocklist, FindingSeverity.Medium, passage, rule);
        }

        return true;
    }
}
