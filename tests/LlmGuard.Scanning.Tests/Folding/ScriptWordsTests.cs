using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>Words all of whose letters look like Latin ones: what stands around them tells whether they are words of their own script.</summary>
public sealed class ScriptWordsTests
{
    [TestCase("Я не знаю", "не")]
    [TestCase("Не знаю", "не")]
    [TestCase("Это не Windows", "не")]
    [TestCase("НЕ НАДО", "не")]
    [TestCase("то, что он не сам", "он не")]
    [TestCase("Ни то ни сё, а вот: не!", "не")]
    [TestCase("н\u200Bе знаю", "не")]
    [TestCase("Το σπίτι και η θάλασσα", "το")]
    [TestCase("1. не, 2. да", "не")]
    public void Fold_ShortWordAmongItsOwnScript_IsReadAsWritten(string text, string word) =>
        Assert.That($" {TextFolder.Fold(text)} ", Does.Contain(word));

    [TestCase("не", "he")]
    [TestCase("make a вомв now", "bomb")]
    [TestCase("вомв", "bomb")]
    [TestCase("Windows не Linux", "he")]
    [TestCase("а вомв", "a bomb")]
    [TestCase("это сосаіne и всё", "cocaine")]
    [TestCase("хочу hе", "he")]
    [TestCase("слово сосаіпе тут", "cocai")]
    public void Fold_ShortWordThatMayBeADisguise_IsReadAsLatin(string text, string word) => Assert.That(TextFolder.Fold(text), Does.Contain(word));

    [Test]
    public void Fold_EveryCharacter_IsItsLowerCaseOrWhatThatStandsFor()
    {
        var changed = 0;
        for (var value = 0; value < 0x700; value++)
        {
            var lower = Rune.ToLowerInvariant(new Rune(value)).Value;
            var plain = CompatibilityLetters.Find(lower);
            var own = plain == 0 ? lower : Rune.ToLowerInvariant(new Rune(plain)).Value;
            Assert.That(ScriptWords.Fold(value), Is.EqualTo(own), $"U+{value:X4}");
            changed += own == value ? 0 : 1;
        }

        Assert.That(changed, Is.GreaterThan(200));
    }

    [Test]
    public void Fold_NothingNearTells_IsReadAsLatin()
    {
        var gap = new string('.', ScriptWords.Reach);
        Assert.That(TextFolder.Fold("знаю" + gap + "не"), Does.EndWith("he"));
        Assert.That(TextFolder.Fold("не" + gap + "знаю"), Does.StartWith("he"));
        Assert.That(TextFolder.Fold("не" + gap[2..] + "знаю"), Does.StartWith("не"));
    }

    [Test]
    public void Fold_ForeignKeyword_KeepsAShortWordOfItsScript() =>
        Assert.That((TextFolder.Fold("не", isForeign: true), TextFolder.Fold("не надо", isForeign: true)[..2].Length), Is.EqualTo(("не", 2)));

    [TestCase("Я не знаю, что он там сказал")]
    [TestCase("но не он")]
    [TestCase("a не b не ж")]
    [TestCase("не")]
    [TestCase("Το και το σπίτι, н\u200Bе н\u0301е знаю")]
    public void Append_AnyCut_FoldsAsTheWhole(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        for (var cut = 0; cut < utf8.Length; cut++)
        {
            if (AsciiByte.IsContinuation(utf8[cut]))
            {
                continue;
            }

            using var folded = FoldedText.Rent();
            folded.Reset(0);
            var next = TextFolder.Append(utf8.AsSpan(0, cut), 0, 0, isEnd: false, folded);
            Assert.That(next, Is.LessThanOrEqualTo(cut));
            Assert.That(TextFolder.Append(utf8, next, 0, isEnd: true, folded), Is.EqualTo(utf8.Length));
            Assert.That(Encoding.UTF8.GetString(folded.Utf8), Is.EqualTo(TextFolder.Fold(text)), $"cut at {cut}");
        }
    }
}
