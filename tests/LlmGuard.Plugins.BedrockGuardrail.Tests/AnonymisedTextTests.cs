using System.Text;
using LlmGuard.Plugins.BedrockGuardrail.Guardrail;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class AnonymisedTextTests
{
    private static readonly int Rounds = FuzzBudget.Of(20_000);

    [TestCase("to a@b.cc", "to {EMAIL}", "a@b.cc=EMAIL", "3+6")]
    [TestCase("to a@b.cc", "to [EMAIL]", "a@b.cc=EMAIL", "3+6")]
    [TestCase("to a@b.cc", "to {EMAIL-12}", "a@b.cc=EMAIL", "3+6")]
    [TestCase("x", "{NAME}", "x=NAME", "0+1")]
    [TestCase("John Smith", "{NAME}", "John=NAME|John Smith=NAME", "0+10")]
    [TestCase("John Smith", "{NAME} Smith", "John=NAME", "0+4")]
    [TestCase("{a} {b}", "{a} {NAME}", "{b}=NAME", "4+3")]
    [TestCase("{NAME}{NAME}", "{NAME}{NAME}", "{NAME}=NAME", "0+6,6+6")]
    [TestCase("see http://x/?a@b.cc", "see {URL}", "http://x/?a@b.cc=URL|a@b.cc=EMAIL", "4+16")]
    [TestCase("größer 😀 x", "größer {NAME} x", "😀=NAME", "9+4")]
    public void Align_WhatBedrockMasked_IsFound(string original, string masked, string anonymised, string spans)
    {
        var changes = Align(original, masked, anonymised)!;

        Assert.That(changes.Select(c => $"{c.Span.Start}+{c.Span.Length}"), Is.EqualTo(spans.Split(',')));
    }

    [TestCase("to a@b.cc", "to a@b.cc", "a@b.cc=EMAIL", TestName = "nothing masked")]
    [TestCase("to a@b.cc", "to {PHONE}", "a@b.cc=EMAIL", TestName = "placeholder of another type")]
    [TestCase("to a@b.cc", "to {EMAIL", "a@b.cc=EMAIL", TestName = "placeholder without an end")]
    [TestCase("to a@b.cc", "to {EMAILS}", "a@b.cc=EMAIL", TestName = "placeholder of a longer name")]
    [TestCase("to a@b.cc", "to {EMAIL-}", "a@b.cc=EMAIL", TestName = "number without digits")]
    [TestCase("to a@b.cc!", "to {EMAIL}", "a@b.cc=EMAIL", TestName = "end lost")]
    [TestCase("to a@b.cc", "To {EMAIL}", "a@b.cc=EMAIL", TestName = "begin changed")]
    [TestCase("to a@b.cc or x@y.zz", "to {EMAIL} or x@y.zz", "a@b.cc=EMAIL|x@y.zz=EMAIL", TestName = "one left as it was")]
    [TestCase("to a@b.cc", "to {EMAIL}", "A@B.CC=EMAIL", TestName = "match in another case")]
    [TestCase("to a@b.cc", "to {EMAIL}", "=EMAIL", TestName = "empty match")]
    [TestCase("to a@b.cc", "", "a@b.cc=EMAIL", TestName = "empty text")]
    [TestCase("", "{EMAIL}", "a@b.cc=EMAIL", TestName = "out of nothing")]
    public void Align_WhatDoesNotFit_HasNoAnswer(string original, string masked, string anonymised) =>
        Assert.That(Align(original, masked, anonymised), Is.Null);

    [Test]
    public void Align_RandomMasks_GiveExactlyTheMaskedText()
    {
        var random = new Random(311);
        for (var round = 0; round < Rounds; round++)
        {
            // Few letters and braces, so that texts are full of wrong beginnings.
            var pieces = Enumerable.Range(0, random.Next(1, 9)).Select(_ => (Text: Word(random), IsMasked: random.Next(2) == 0)).ToArray();
            var original = string.Concat(pieces.Select(p => p.Text));
            var masked = string.Concat(pieces.Select(p => p.IsMasked ? "{N}" : p.Text));
            var anonymised = pieces.Where(p => p.IsMasked).Select(p => Masked(p.Text, "N")).ToArray();

            var changes = AnonymisedText.Align(Encoding.UTF8.GetBytes(original), masked, anonymised);

            Assert.That(changes, Is.Not.Null, $"{original} to {masked}");
            Assert.That(Apply(original, changes!), Is.EqualTo(masked));
            foreach (var change in changes!)
            {
                var replaced = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(original).AsSpan(change.Span.Start, change.Span.Length));
                Assert.That(anonymised.Select(a => a.Match), Does.Contain(replaced), "only what was reported is replaced");
            }
        }
    }

    [Test]
    public void Align_RandomNonsense_NeverGivesAnotherText()
    {
        var random = new Random(312);
        for (var round = 0; round < Rounds; round++)
        {
            var (original, masked) = (Word(random) + Word(random) + Word(random), Word(random) + "{N}" + Word(random));

            if (AnonymisedText.Align(Encoding.UTF8.GetBytes(original), masked, [Masked(Word(random), "N"), Masked(Word(random), "N")]) is { } changes)
            {
                Assert.That(Apply(original, changes), Is.EqualTo(masked));
            }
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public void Align_HostileText_EndsSoon(CancellationToken cancellationToken)
    {
        // Every prefix is a match, every placeholder fits every one of them, and the end fits none.
        var original = new string('a', 12_000) + "!";
        var masked = string.Concat(Enumerable.Repeat("{N}", 6000)) + "?";
        var anonymised = Enumerable.Range(1, 300).Select(n => Masked(new string('a', n), "N")).ToArray();

        Assert.That(AnonymisedText.Align(Encoding.UTF8.GetBytes(original), masked, anonymised), Is.Null);
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    private static IReadOnlyList<AnonymisedText.Change>? Align(string original, string masked, string anonymised) =>
        AnonymisedText.Align(
            Encoding.UTF8.GetBytes(original), masked, [.. anonymised.Split('|').Select(a => Masked(a.Split('=')[0], a.Split('=')[1]))]);

    private static Anonymised Masked(string match, string name) => new(new AssessmentCause(name, "pii", name, name), match, name);

    private static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => new[] { "a", "b", "{", "}", "N", "{N}", "ä", "😀" }[random.Next(8)]));

    private static string Apply(string original, IReadOnlyList<AnonymisedText.Change> changes)
    {
        var bytes = Encoding.UTF8.GetBytes(original);
        var result = new List<byte>();
        var at = 0;
        foreach (var change in changes)
        {
            result.AddRange(bytes[at..change.Span.Start]);
            result.AddRange(Encoding.UTF8.GetBytes(change.Text));
            at = change.Span.End;
        }

        return Encoding.UTF8.GetString([.. result, .. bytes[at..]]);
    }
}
