using System.Text;
using LlmGuard.Masking;

namespace LlmGuard.Tests.Masking;

/// <summary>The form of placeholders.</summary>
public sealed class PlaceholderTests
{
    private const string Known = "[EMAIL_BCDFGHJKLMNPRSTV]";

    [Test]
    public void Format_AnyTag_IsReadBack()
    {
        var placeholder = Placeholder.Format("CREDIT_CARD", [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF]);
        Assert.That(placeholder, Is.EqualTo("[CREDIT_CARD_BCDFGHJKLMNPRSTV]"));
        Assert.That(Placeholder.Read(Encoding.UTF8.GetBytes(placeholder), out var length), Is.True);
        Assert.That(length, Is.EqualTo(placeholder.Length));
    }

    [TestCase(Known + " and more", true)]
    [TestCase("[A_BCDFGHJKLMNPRSTV]", true)]
    [TestCase("[EMAIL_BCDFGHJKLMNPRST]", false, Description = "15 letters")]
    [TestCase("[EMAIL_ABCDFGHJKLMNPRST]", false, Description = "a vowel")]
    [TestCase("[_BCDFGHJKLMNPRSTV]", false, Description = "no type")]
    [TestCase("[1_BCDFGHJKLMNPRSTV]", false, Description = "a type begins with a letter")]
    [TestCase("[email_BCDFGHJKLMNPRSTV]", false)]
    [TestCase("[EMAIL BCDFGHJKLMNPRSTV]", false)]
    [TestCase("[EMAILBBCDFGHJKLMNPRSTV]", false, Description = "no underscore")]
    [TestCase("[EMAIL_BCDFGHJKLMNPRSTV", null)]
    [TestCase("[", null)]
    [TestCase("[[EMAIL", false)]
    public void Read_Text_IsAPlaceholderOrNotOrNotYetKnown(string text, bool? expected) =>
        Assert.That(Placeholder.Read(Encoding.UTF8.GetBytes(text), out _), Is.EqualTo(expected));

    [Test]
    public void Read_LongestType_IsRead_OneMoreIsNot()
    {
        var longest = Placeholder.Format(new string('A', Replacement.MaxTypeLength), new byte[8]);
        Assert.That(longest, Has.Length.EqualTo(Placeholder.MaxLength));
        Assert.That(Placeholder.Read(Encoding.UTF8.GetBytes(longest), out _), Is.True);
        Assert.That(Placeholder.Read(Encoding.UTF8.GetBytes("[A" + longest[1..]), out _), Is.False);
    }

    [Test]
    public void Read_EveryBeginningOfOne_IsOpen_AndNeverLongerThanTheBound()
    {
        for (var length = 1; length < Known.Length; length++)
        {
            Assert.That(Placeholder.Read(Encoding.UTF8.GetBytes(Known[..length]), out _), Is.Null, Known[..length]);
        }

        Assert.That(Placeholder.Read(Encoding.UTF8.GetBytes("[" + new string('A', Placeholder.MaxLength - 1)), out _), Is.False);
    }

    [Test]
    public void TryFind_SeveralBrackets_FindsTheRealOne()
    {
        var text = Encoding.UTF8.GetBytes("[a] [[[ [EMAIL_X] x" + Known);
        Assert.That(Placeholder.TryFind(text, 0, out var found), Is.True);
        Assert.That(found, Is.EqualTo(new TextSpan(19, Known.Length)));
        Assert.That(Placeholder.TryFind(text, found.End, out _), Is.False);
    }

    [Test]
    public void TryFind_BracketRightBefore_FindsIt()
    {
        Assert.That(Placeholder.TryFind(Encoding.UTF8.GetBytes("[" + Known), 0, out var found), Is.True);
        Assert.That(found, Is.EqualTo(new TextSpan(1, Known.Length)));
    }

    [Test]
    public void Format_TagsThatDifferInOneBit_AreDifferent()
    {
        var tags = Enumerable.Range(0, 64).Select(static bit => BitConverter.GetBytes(1UL << bit)).Append(new byte[8]);
        Assert.That(tags.Select(static tag => Placeholder.Format("A", tag)), Is.Unique, "64 bits have to be guessed, and not one less");
    }
}
