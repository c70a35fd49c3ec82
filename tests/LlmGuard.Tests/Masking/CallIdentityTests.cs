using LlmGuard.Masking;

namespace LlmGuard.Tests.Masking;

/// <summary>Which calls share what they mask with: those of one caller whose conversation has one name or begins with the same words.</summary>
public sealed class CallIdentityTests
{
    private static readonly GuardrailCaller Alice = new("alice");
    private static readonly SegmentInfo FromUser = new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Position = new SegmentPosition(0) };

    [Test]
    public void OfConversation_StrangerOrNothingSaid_IsNobody() => Assert.Multiple(() =>
    {
        Assert.That(CallIdentity.OfConversation(GuardrailCaller.Anonymous, "chat", Content(("hello", FromUser))), Is.Null);
        Assert.That(CallIdentity.OfConversation(Alice, null, Content(("be brief", FromUser with { Role = SegmentRole.System }))), Is.Null);
    });

    [Test]
    public void OfConversation_OtherCaller_IsAnother()
    {
        var content = Content(("hello", FromUser));
        Assert.That(Identity(new GuardrailCaller("bob"), content), Is.Not.EqualTo(Identity(Alice, content)));
    }

    [Test]
    public void OfConversation_OtherNameOrFirstWords_IsAnother() => Assert.That(
        new[]
        {
            CallIdentity.OfConversation(Alice, "one", Content(("hello", FromUser))),
            CallIdentity.OfConversation(Alice, "two", Content(("hello", FromUser))),
            CallIdentity.OfConversation(Alice, null, Content(("hello", FromUser))),
            CallIdentity.OfConversation(Alice, null, Content(("howdy", FromUser))),
            CallIdentity.OfConversation(new GuardrailCaller("bob"), "one", Content(("hello", FromUser))),
            CallIdentity.OfCaller(Alice),
        },
        Is.Unique);

    [Test]
    public void OfConversation_NamedOne_IsTheSameHoweverItBegins() => Assert.That(
        CallIdentity.OfConversation(Alice, "one", Content(("howdy", FromUser))),
            Is.EqualTo(CallIdentity.OfConversation(Alice, "one", Content(("hello", FromUser)))));

    [Test]
    public void OfConversation_PartsOfTheFirstMessage_AllCount() => Assert.That(
        Identity(Alice, Content(("hello", FromUser), ("you", FromUser))), Is.Not.EqualTo(Identity(Alice, Content(("hello", FromUser)))));

    [Test]
    public void OfConversation_LaterTurn_IsTheSame()
    {
        var answer = FromUser with { Role = SegmentRole.Assistant, Position = new SegmentPosition(1) };
        var second = FromUser with { Position = new SegmentPosition(2) };
        Assert.That(
            Identity(Alice, Content(("hello", FromUser), ("hi", answer), ("more", second))),
                Is.EqualTo(Identity(Alice, Content(("hello", FromUser)))));
    }

    [TestCase("system", "message")]
    [TestCase("user", "document")]
    [TestCase("user", "tool_result")]
    public void OfConversation_WhatTheUserDidNotSayFirst_DoesNotCount(string role, string kind)
    {
        var other = FromUser with { Role = new SegmentRole(role), Kind = new SegmentKind(kind) };
        Assert.That(
            Identity(Alice, Content(("new every day", other), ("hello", FromUser))), Is.EqualTo(Identity(Alice, Content(("hello", FromUser)))));
    }

    [Test]
    public void OfConversation_SameBytesInOtherParts_IsAnother() => Assert.That(
        Identity(Alice, Content(("ab", FromUser), ("text\u0001\0\0\0c", FromUser))),
        Is.Not.EqualTo(Identity(Alice, Content(("abtext\u0001\0\0\0c", FromUser), ("", FromUser)))).And.Not.EqualTo(
            Identity(Alice, Content(("a", FromUser), ("btext\u0001\0\0\0c", FromUser)))));

    [Test]
    public void OfConversation_PartsDividedElsewhere_IsAnother() => Assert.That(
        Identity(Alice, Content(("atext", FromUser), ("b", FromUser))),
            Is.Not.EqualTo(Identity(Alice, Content(("a", FromUser), ("textb", FromUser)))));

    [Test]
    public void OfConversation_NameThatLooksLikeAMessage_IsAnother() => Assert.That(
        CallIdentity.OfConversation(Alice, "text\u0005\0\0\0hello", GuardrailContent.Empty),
            Is.Not.EqualTo(Identity(Alice, Content(("hello", FromUser)))));

    private static byte[] Identity(GuardrailCaller caller, GuardrailContent content) => CallIdentity.OfConversation(caller, null, content)!;

    private static GuardrailContent Content(params (string Text, SegmentInfo Info)[] segments)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var (text, info) in segments)
        {
            builder.AddText(text, info);
        }

        return builder.Build();
    }
}
