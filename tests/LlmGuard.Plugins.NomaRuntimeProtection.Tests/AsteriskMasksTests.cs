using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Plugins.NomaRuntimeProtection.Verdicts;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>Whatever placing is found gives exactly Noma's text, and one is found whenever there is one.</summary>
public sealed class AsteriskMasksTests
{
    [TestCase("a b c", "a b c", "")]
    [TestCase("mail a@b.c now", "mail ***** now", "5+5")]
    [TestCase("mail a@b.c now", "mail * now", "5+5")]
    [TestCase("abc", "*", "0+3")]
    [TestCase("**bold** a@b.c", "**bold** *****", "9+5")]
    [TestCase("x 1 x 2 x", "* 2 x", "0+5")]
    [TestCase("é 1 é", "é * é", "3+1")]
    [TestCase("abc", "abd", null)]
    [TestCase("abc", "abc*", null)]
    [TestCase("abc", "*abc", null)]
    [TestCase("abc", "", null)]
    [TestCase("abc", "a*d", null)]
    [TestCase("aXbXc", "*b*b*", null)]
    public void Locate_Text_GivesTheSpansOrNothing(string original, string anonymized, string? expected)
    {
        var spans = AsteriskMasks.Locate(Encoding.UTF8.GetBytes(original), Encoding.UTF8.GetBytes(anonymized));

        Assert.That(spans is null ? null : string.Join(' ', spans.Select(s => $"{s.Span.Start}+{s.Span.Length}")), Is.EqualTo(expected));
    }

    [Test]
    public void Locate_AnyTextWithAnyValuesMasked_GivesExactlyThatText()
    {
        var piece = Gen.Elements("a", "b", "*", "**", " ", "é", "😀", "x@y");
        var law = Prop.ForAll(
            Arb.From(Gen.Zip(piece, Gen.Choose(0, 3)).ListOf()),
            pieces =>
            {
                // Every piece is kept or masked by as many asterisks as was drawn.
                var original = string.Concat(pieces.Select(p => p.Item1));
                var anonymized = string.Concat(pieces.Select(p => p.Item2 == 0 ? p.Item1 : new string('*', p.Item2)));
                var spans = AsteriskMasks.Locate(Encoding.UTF8.GetBytes(original), Encoding.UTF8.GetBytes(anonymized));
                return spans is not null && Apply(original, spans) == anonymized;
            });

        law.Check(Config.QuickThrowOnFailure.WithReplay(59, 3));
    }

    [Test]
    public void Locate_AnyTwoTexts_NeverGivesAnotherTextThanNomas()
    {
        var text = Gen.Elements('a', 'b', '*').ArrayOf().Select(c => new string(c));
        Prop.ForAll(
            Arb.From(Gen.Zip(text, text)),
            pair =>
                AsteriskMasks.Locate(Encoding.UTF8.GetBytes(pair.Item1), Encoding.UTF8.GetBytes(pair.Item2)) is not { } spans
                || Apply(pair.Item1, spans) == pair.Item2)
            .Check(Config.QuickThrowOnFailure.WithReplay(59, 3));
    }

    private static string Apply(string text, List<(TextSpan Span, int Length)> spans)
    {
        var utf8 = Encoding.UTF8.GetBytes(text).ToList();
        foreach (var (span, length) in Enumerable.Reverse(spans))
        {
            utf8.RemoveRange(span.Start, span.Length);
            utf8.InsertRange(span.Start, Encoding.UTF8.GetBytes(new string('*', length)));
        }

        return Encoding.UTF8.GetString([.. utf8]);
    }
}
