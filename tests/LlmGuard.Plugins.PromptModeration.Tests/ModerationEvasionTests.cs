namespace LlmGuard.Plugins.PromptModeration.Tests;

public sealed class ModerationEvasionTests
{
    private const string Rules = """{"keywords": ["bomb", "build a weapon"], "regex": ["hunter\\d{2}", "SECRET"], "actions": {"type": "flag"}}""";

    [TestCase("BOMB", "BOMB")]
    [TestCase("\"bomb\"", "bomb")]
    [TestCase("{bomb}", "bomb")]
    [TestCase("ｂｏｍｂ", "ｂｏｍｂ")]
    [TestCase("b\u200Bo\u2060m\u00ADb", "b\u200Bo\u2060m\u00ADb")]
    [TestCase("b\u202Eomb", "b\u202Eomb")]
    [TestCase("b\uFE0Fo\uFE0Fm\uFE0Fb", "b\uFE0Fo\uFE0Fm\uFE0Fb")]
    [TestCase("b\u0336o\u0336m\u0336b\u0336", "b\u0336o\u0336m\u0336b\u0336")]
    [TestCase("bоmb", "bоmb", Description = "Cyrillic o")]
    [TestCase("ḃöṁḅ", "ḃöṁḅ")]
    [TestCase("𝕓𝕠𝕞𝕓", "𝕓𝕠𝕞𝕓")]
    [TestCase("b o m b", "b o m b")]
    [TestCase("b0mb", "b0mb")]
    [TestCase("build — a\nwëapon", "build — a\nwëapon")]
    [TestCase("bild a weapn", "bild a weapn", Description = "two edits in twelve")]
    [TestCase("hunter42", "hunter42")]
    [TestCase("ｈｕｎｔｅｒ４２", "ｈｕｎｔｅｒ４２")]
    [TestCase("hunter\u200B4\u200B2", "hunter\u200B4\u200B2")]
    [TestCase("hunter٤٢", "hunter٤٢")]
    [TestCase("ＳＥＣＲＥＴ", "ＳＥＣＲＥＴ")]
    [TestCase("sеcret", "sеcret", Description = "a disguised text is compared without case")]
    public void Evaluate_Disguised_IsFoundExactly(string disguised, string expected)
    {
        var content = GuardrailContent.FromText($"so – {disguised} – ok", SegmentRole.User);
        Assert.That(Moderation.Texts(Moderation.Judge(Rules, content), content), Is.EqualTo(new[] { expected }));
    }

    [TestCase("tomb")]
    [TestCase("bombardment")]
    [TestCase("build the weapon")]
    [TestCase("hunter4")]
    [TestCase("HUNTER42", Description = "expressions regard case in plain text")]
    [TestCase("secret – é", Description = "also where other text is not ASCII")]
    public void Evaluate_OtherText_IsAllowed(string text) => Assert.That(Moderation.Judge(Rules, text).Outcome, Is.EqualTo(VerdictOutcome.Allow));

    [TestCase("build\u3164a\u3164weapon", Description = "fillers of Hangul for spaces")]
    [TestCase("bui\u3164ld a wea\u1160pon", Description = "fillers of Hangul within words")]
    [TestCase("build\u2800a\u2800weapon", Description = "the braille pattern without dots")]
    public void Evaluate_BlanksThatAreNoSpaces_AreReadAsSpacesAndAsNothing(string text) =>
        Assert.That(Moderation.Judge("""{ "keywords": ["build a weapon"] }""", text).Findings, Has.Count.EqualTo(1));

    [Test]
    public void Evaluate_HiddenTagCharacters_AreReadAsTextAndAsNothing()
    {
        var hidden = string.Concat("bomb".Select(c => char.ConvertFromUtf32(0xE0000 + c)));
        var content = GuardrailContent.FromText("smile 😀" + hidden, SegmentRole.User);
        Assert.That(Moderation.Texts(Moderation.Judge(Rules, content), content), Is.EqualTo(new[] { hidden }));
        Assert.That(Moderation.Judge(Rules, "bo" + char.ConvertFromUtf32(0xE0078) + "mb").Findings, Has.Count.EqualTo(1));
    }
}
