using System.Text;
using System.Text.Json;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>Reading a large policy and building its plans, and the first request under it.</summary>
internal static class StartUpCases
{
    private const int Rules = 1000;
    private const int Keywords = 10_000;

    public static IEnumerable<Comparison> All() =>
    [
        new("start-up: 1,000 rules, 10,000 keywords, all entities", () =>
        {
            var policy = Large();
            var json = Encoding.UTF8.GetBytes(policy);
            return (
                Side.Of("build, first request", async () =>
                {
                    await using var engine = new Engine(policy);
                    await engine.Guardrails.EvaluateAsync(
                        GuardrailStage.PreRequest, GuardrailContent.FromText("A text without anything.", SegmentRole.User));
                }),
                Side.Of("JsonDocument.Parse", () => JsonDocument.Parse(json).Dispose()));
        }),
    ];

    /// <summary>A thousand routes with moderation of their own, ten thousand keywords and all entities for everybody.</summary>
    public static string Large() => $$"""
        {
          "gateway": { "required_plugins": [
            { "name": "data_masking", "settings": { "apply_all": true } },
            { "name": "prompt_moderation", "settings": { "keywords": [{{string.Join(',', Enumerable.Range(0, Keywords).Select(i => $"\"{Word(i)}\""))}}], "actions": { "type": "block" } } }
          ] },
          "rules": [{{string.Join(',', Enumerable.Range(0, Rules).Select(Rule))}}]
        }
        """;

    private static string Rule(int number) => $$"""
        { "path": "/tenants/t{{number}}/v1/*", "methods": ["POST"], "plugin_chain": [
          { "name": "prompt_moderation", "settings": { "keywords": ["{{Word(Keywords + number)}}"], "actions": { "type": "block" } } } ] }
        """;

    private static string Word(int number)
    {
        string[] syllables = ["zor", "vik", "mal", "tra", "quo", "ber", "nix", "lum", "fen", "gar"];
        var word = new StringBuilder();
        for (; word.Length < 6 || number > 0; number /= 10)
        {
            word.Append(syllables[number % 10]);
        }

        return word.ToString();
    }
}
