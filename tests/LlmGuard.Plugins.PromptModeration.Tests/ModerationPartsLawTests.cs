using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Plugins.PromptModeration.Tests;

public sealed class ModerationPartsLawTests
{
    private const string Rules = """{"keywords": ["bomb", "build a weapon", "nerve"], "actions": {"type": "mask"}}""";

    private static readonly Gen<string> Texts = Gen.Elements(
        "bomb", "Bombs", "build", "a", "weapon", "weapn", "nеrve", "b", "o", "m", "x", "ｂｏｍｂ", "b\u200Bomb", "nérve", "😀").ListOf()
        .SelectMany(words => Gen.Elements(" ", "-", "\n", " – ").Select(gap => string.Join(gap, words)));

    [Test]
    public void Evaluate_TextCutIntoParts_MasksAllThatIsMaskedInTheWhole()
    {
        var cases =
            from text in Texts
            from first in Gen.Choose(0, 100)
            from second in Gen.Choose(0, 100)
            select (text, first, second);
        var property = Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var parts = Cut(given.text, given.first, given.second);
            var whole = Masked([.. parts.Select(p => p.Length)], GuardrailContent.FromText(given.text, SegmentRole.User));
            var cut = Masked([.. parts.Select(p => p.Length)], Moderation.Joined([.. parts.Select(p => Encoding.UTF8.GetString(p))]));
            return whole.IsSubsetOf(cut);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261121UL, 17UL), property);
    }

    // The offsets, in the whole text, of all bytes that are edited.
    private static HashSet<int> Masked(int[] lengths, GuardrailContent content)
    {
        var verdict = Moderation.Judge(Rules, content);
        Assert.That(verdict.Failure, Is.Null);
        return [.. verdict.Edits.SelectMany(e => Enumerable.Range(lengths.Take(e.Segment).Sum() + e.Span.Start, e.Span.Length))];
    }

    private static List<byte[]> Cut(string text, int first, int second)
    {
        var runes = text.EnumerateRunes().ToList();
        var (from, to) = (Math.Min(first, second) * runes.Count / 100, Math.Max(first, second) * runes.Count / 100);
        return [.. new[] { runes[..from], runes[from..to], runes[to..] }.Select(r => Encoding.UTF8.GetBytes(string.Concat(r)))];
    }
}
