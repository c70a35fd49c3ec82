using LlmGuard.Remote.Judging;

namespace LlmGuard.Remote.Tests.Judging;

public sealed class MessageTemplateTests
{
    [TestCase("Blocked: %s", "Blocked: hate")]
    [TestCase("%s and %s", "hate and hate")]
    [TestCase("100%d {0} %% $& \\1 %S %1$s", "100%d {0} %% $& \\1 %S %1$s")]
    [TestCase("plain", "plain")]
    public void Refuse_Template_OnlyTheReasonPlaceholderMeansSomething(string template, string expected) =>
        Assert.That(new MessageTemplate(template).Refuse("hate").Message, Is.EqualTo(expected));

    [Test]
    public void Refuse_ReasonThatLooksLikeAPlaceholder_IsNotExpandedAgain() =>
        Assert.That(new MessageTemplate("a %s").Refuse("code", "%s%s").Message, Is.EqualTo("a %s%s"));

    [Test]
    public void Refuse_NoTemplate_LeavesTheDefault()
    {
        var refusal = new MessageTemplate(null).Refuse("code", "shown");

        Assert.That(refusal.Message, Is.Null);
        Assert.That(refusal.Reason, Is.EqualTo("code"));
    }
}
