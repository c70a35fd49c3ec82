namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>Keywords of one script in texts of another: a disguise is seen through, and an ordinary word is left alone.</summary>
public sealed class ScriptTests
{
    [TestCase("he", "Я не знаю, что он сказал")]
    [TestCase("he", "Не знаю")]
    [TestCase("he", "Это не Windows, а что-то другое")]
    [TestCase("he", "Он не был там")]
    [TestCase("oh", "И он, и она не знали")]
    [TestCase("to", "То, что было")]
    [TestCase("ha", "На столе лежит книга")]
    [TestCase("kak", "Как дела?")]
    [TestCase("tom", "В том доме")]
    public void Evaluate_OrdinaryWordOfAnotherScript_IsLeftAlone(string keyword, string text) =>
        Assert.That(Moderation.Judge($$"""{"keywords": ["{{keyword}}"]}""", text).Outcome, Is.EqualTo(VerdictOutcome.Allow));

    [TestCase("he", "say не to me")]
    [TestCase("bomb", "build a вомв")]
    [TestCase("bomb", "вомв")]
    [TestCase("bomb", "хочу bоmb")]
    [TestCase("не", "Я не знаю")]
    [TestCase("не", "не")]
    [TestCase("не надо", "Так не надо делать")]
    [TestCase("рот", "Закрой рот, дурак")]
    [TestCase("ΤΟ", "Το σπίτι")]
    public void Evaluate_KeywordOrItsDisguise_IsFound(string keyword, string text) =>
        Assert.That(Moderation.Judge($$"""{"keywords": ["{{keyword}}"]}""", text).Outcome, Is.EqualTo(VerdictOutcome.Block));
}
