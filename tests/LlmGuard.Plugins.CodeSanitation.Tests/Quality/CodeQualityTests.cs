using System.Globalization;
using System.Text;

namespace LlmGuard.Plugins.CodeSanitation.Tests.Quality;

/// <summary>What the rules find in labelled programs and in benign texts, per file and severity.</summary>
public sealed class CodeQualityTests
{
    private const int Default = 1;

    private static readonly string[] Severities = ["high", "medium", "low"];

    [TestCase("benign_corpora/llm_outputs_arena_hard", 0.01)]
    [TestCase("benign_corpora/source_code_chunks", 0.01)]
    [TestCase("benign_corpora/lockfiles_and_manifests", 0.0)]
    [TestCase("prompt_injection/mt_bench", 0.01)]
    [TestCase("prompt_injection/self_instruct", 0.01)]
    [TestCase("prompt_injection/arena_hard_v01", 0.01)]
    [TestCase("prompt_injection/cyberseceval_frr", 0.01)]
    [TestCase("prompt_injection/awesome_prompts", 0.01)]
    [TestCase("prompt_injection/injecagent_benign_tool_outputs", 0.0)]
    public void Judge_BenignTexts_DefaultFlagsUnderOnePercent(string file, double most)
    {
        Corpus.AssumePresent();
        var shares = Print(file, false, out var details);
        Assert.That(shares[Default], Is.LessThanOrEqualTo(most), details);
    }

    [TestCase("code/bandit_examples", 0.7)]
    [TestCase("code/codeshield_tests", 0.37)]
    [TestCase("code/cyberseceval_insecure", 0.63)]
    public void Judge_InsecurePrograms_StrictFindsMost(string file, double least)
    {
        Corpus.AssumePresent();
        var shares = Print(file, true, out var details);
        Assert.That(shares[2], Is.GreaterThanOrEqualTo(least), details);
    }

    private static double[] Print(string file, bool isPositive, out string details)
    {
        var rows = Corpus.Read(file).ToArray();
        var shares = new double[Severities.Length];
        var report = new StringBuilder();
        for (var i = 0; i < Severities.Length; i++)
        {
            var evaluator = Code.Evaluator($$"""{"action": "flag", "min_severity": "{{Severities[i]}}"}""");
            var hits = rows.Where(r => r.IsPositive == isPositive)
                .Select(r => (r.Id, r.Category, Rules: Code.Judge(evaluator,
                GuardrailContent.FromText(r.Text, SegmentRole.User)).Findings.Select(f => f.Rule).Distinct().ToArray())).ToArray();
            shares[i] = hits.Count(h => h.Rules.Length > 0) / (double)hits.Length;
            var other = rows.Where(r => r.IsPositive != isPositive).ToArray();
            var wrong = other.Count(r => Code.Judge(evaluator, GuardrailContent.FromText(r.Text, SegmentRole.User)).Findings.Count > 0);
            report.AppendLine(CultureInfo.InvariantCulture, $"{file} {Severities[i]}: {hits.Count(h => h.Rules.Length > 0)} of {hits.Length} ({shares[i]:P1}); of the other label {wrong} of {other.Length}");
            foreach (var hit in hits.Where(h => isPositive ? h.Rules.Length == 0 && i == 2 : h.Rules.Length > 0 && i == Default).Take(40))
            {
                report.AppendLine(CultureInfo.InvariantCulture, $"   {hit.Id} {hit.Category} {string.Join(' ', hit.Rules)}");
            }
        }

        TestContext.Out.WriteLine(details = report.ToString());
        return shares;
    }
}
