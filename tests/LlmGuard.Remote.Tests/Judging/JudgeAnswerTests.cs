using System.Text;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Remote.Tests.Judging;

public sealed class JudgeAnswerTests
{
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("{")]
    [TestCase("{} {}")]
    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("{\"a\":1,}")]
    [TestCase("// no\n{}")]
    [TestCase("NaN")]
    [TestCase("\uFEFF{}")]
    public void Parse_WhatIsNotStrictJson_IsUnusable(string body) =>
        Assert.That(() => new JudgeAnswer(200, Encoding.UTF8.GetBytes(body)), Throws.InstanceOf<UnusableAnswerException>());

    [Test]
    public void Parse_InvalidUtf8InAString_IsUnusable() =>
        Assert.That(() => new JudgeAnswer(200, new byte[] { (byte)'"', 0xC3, (byte)'"' }), Throws.InstanceOf<UnusableAnswerException>());

    [Test]
    public void Parse_DeepNesting_IsUnusable() =>
        Assert.That(() => new JudgeAnswer(200, Encoding.UTF8.GetBytes(new string('[', 33) + new string(']', 33))),
            Throws.InstanceOf<UnusableAnswerException>());

    [Test]
    public void Readers_MembersOfAnotherType_AreUnusable()
    {
        using var answer =
            new JudgeAnswer(200, """{"text":"a","number":1.5,"flag":true,"list":[1],"none":null,"lone":"\ud800","object":{}}"""u8.ToArray());
        var root = answer.Root;

        Assert.That(root.Required("text").Text(), Is.EqualTo("a"));
        Assert.That(root.Required("number").Number(0, 2), Is.EqualTo(1.5));
        Assert.That(root.Required("flag").Boolean(), Is.True);
        Assert.That(root.Required("list").ItemCount(), Is.EqualTo(1));
        Assert.That(root.Optional("none"), Is.Null);
        Assert.That(root.Optional("absent"), Is.Null);
        Assert.Multiple(() =>
        {
            Unusable(() => root.Required("absent"));
            Unusable(() => root.Required("none"));
            Unusable(() => root.Required("lone").Text());
            Unusable(() => root.Required("number").Text());
            Unusable(() => root.Required("text").Boolean());
            Unusable(() => root.Required("text").Number(0, 2));
            Unusable(() => root.Required("number").Number(0, 1));
            Unusable(() => root.Required("number").Int32(0, 9));
            Unusable(() => root.Required("object").Items());
            Unusable(() => root.Required("list").Members());
            Unusable(() => root.Required("list").Optional("x"));
        });
    }

    private static void Unusable(Func<object?> read) => Assert.That(() => read(), Throws.InstanceOf<UnusableAnswerException>());
}
