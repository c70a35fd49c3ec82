using System.Text;

namespace LlmGuard.Abstractions.Tests.Verdicts;

public sealed class ReplacementTests
{
    // Not test cases: attributes are stored as UTF-8, which has no lone surrogates.
    private static readonly string[] LoneSurrogates = ["\uD800", "a\uDC00b", "\uFFFD\uD83D"];

    [TestCaseSource(nameof(LoneSurrogates))]
    public void LiteralAndFill_LoneSurrogate_AreRefused(string text)
    {
        Assert.That(() => Replacement.Literal(text), Throws.ArgumentException);
        Assert.That(() => Replacement.Fill(new Rune('*'), text), Throws.ArgumentException);
    }

    [TestCase("")]
    [TestCase("[MASKED]")]
    [TestCase("\uFFFD😀")]
    public void Literal_WellFormedText_IsKept(string text)
    {
        var replacement = Replacement.Literal(text, MaskStrength.Synthetic);

        Assert.That((replacement.Form, replacement.Value, replacement.Strength), Is.EqualTo((ReplacementForm.Literal, text, MaskStrength.Synthetic)));
        Assert.That(Replacement.Literal(text).Strength, Is.EqualTo(MaskStrength.Full));
    }

    [Test]
    public void Fill_RuneAndUnion_AreKeptAndFull()
    {
        var replacement = Replacement.Fill(new Rune(0x1F600), "[X]");

        Assert.That((replacement.Form, replacement.Rune, replacement.Value, replacement.Strength),
            Is.EqualTo((ReplacementForm.Fill, new Rune(0x1F600), "[X]", MaskStrength.Full)));
        Assert.That(Replacement.Fill(new Rune('*')).Value, Is.EqualTo("[MASKED]"));
    }

    [TestCase("email", "EMAIL")]
    [TestCase("Us_SSN_2", "US_SSN_2")]
    public void Token_Type_IsUpperCase(string type, string expected)
    {
        var replacement = Replacement.Token(type);
        Assert.That((replacement.Form, replacement.Value, replacement.Strength), Is.EqualTo((ReplacementForm.Token, expected, MaskStrength.Hash)));
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a-b")]
    [TestCase("é")]
    [TestCase("]")]
    [TestCase(null)]
    public void Token_OtherType_IsRefused(string? type) => Assert.That(() => Replacement.Token(type!), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void AnyForm_NullText_Throws()
    {
        Assert.That(() => Replacement.Literal(null!), Throws.ArgumentNullException);
        Assert.That(() => Replacement.Fill(new Rune('*'), null!), Throws.ArgumentNullException);
    }
}
