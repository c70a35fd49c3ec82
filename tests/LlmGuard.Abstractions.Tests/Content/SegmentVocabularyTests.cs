namespace LlmGuard.Abstractions.Tests.Content;

public sealed class SegmentVocabularyTests
{
    [TestCase("system", true)]
    [TestCase("user", true)]
    [TestCase("assistant", true)]
    [TestCase("tool", true)]
    [TestCase("User", false)]
    [TestCase("developer", false)]
    [TestCase(" user", false)]
    [TestCase("unknown", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    public void Role_AnyValue_IsKnownOnlyIfAPolicyCanNameIt(string? value, bool known)
    {
        var role = new SegmentRole(value!);

        Assert.That(role.IsKnown, Is.EqualTo(known));
        Assert.That(role.Value, Is.EqualTo(value ?? ""));
        Assert.That(role.ToString(), Is.EqualTo(known ? value : "unknown"));
    }

    [TestCase("message", true)]
    [TestCase("tool_call", true)]
    [TestCase("tool_result", true)]
    [TestCase("tool_definition", true)]
    [TestCase("reasoning", true)]
    [TestCase("refusal", true)]
    [TestCase("document", true)]
    [TestCase("error", true)]
    [TestCase("key", true)]
    [TestCase("header", true)]
    [TestCase("path", true)]
    [TestCase("query", true)]
    [TestCase("metadata", true)]
    [TestCase("unknown", false)]
    [TestCase("Message", false)]
    [TestCase("made_up", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    public void Kind_AnyValue_IsKnownOnlyIfAPolicyCanNameIt(string? value, bool known)
    {
        var kind = new SegmentKind(value!);

        Assert.That(kind.IsKnown, Is.EqualTo(known));
        Assert.That(kind.Value, Is.EqualTo(string.IsNullOrEmpty(value) ? "unknown" : value));
        Assert.That(kind.ToString(), Is.EqualTo(known ? value : "unknown"));
    }

    [Test]
    public void Default_OfRoleAndKind_EqualsUnknown()
    {
        Assert.That(default(SegmentRole), Is.EqualTo(SegmentRole.Unknown).And.EqualTo(new SegmentRole(null!)));
        Assert.That(default(SegmentRole).Value, Is.Empty);
        Assert.That(default(SegmentKind), Is.EqualTo(SegmentKind.Unknown).And.EqualTo(new SegmentKind("")).And.EqualTo(new SegmentKind("unknown")));
        Assert.That(default(SegmentKind).Value, Is.EqualTo("unknown"));
        Assert.That(default(SegmentRole).GetHashCode(), Is.EqualTo(SegmentRole.Unknown.GetHashCode()));
        Assert.That(new SegmentRole("user") == SegmentRole.User && new SegmentRole("User") != SegmentRole.User, Is.True);
    }

    [Test]
    public void Info_New_IsUnknownAloneAndEditable()
    {
        var info = new SegmentInfo();

        Assert.That((info.Role, info.Kind, info.Source, info.Name),
            Is.EqualTo((SegmentRole.Unknown, SegmentKind.Unknown, SegmentSource.Body, (string?)null)));
        Assert.That((info.Group, info.Join, info.Position, info.Editability), Is.EqualTo((-1, -1, SegmentPosition.None, Editability.Span)));
    }

    [Test]
    public void Info_Default_JoinsAndGroupsNothing()
    {
        Assert.That((default(SegmentInfo).Group, default(SegmentInfo).Join), Is.EqualTo((-1, -1)));
        Assert.That((default(SegmentInfo) with { Group = 0, Join = 4 }) is { Group: 0, Join: 4 }, Is.True);
    }

    [TestCase(EditScope.Span, null, "Span")]
    [TestCase(EditScope.WholeValue, null, "WholeValue")]
    [TestCase(EditScope.None, "signed", "Signed")]
    [TestCase(EditScope.None, "key", "Key")]
    [TestCase(EditScope.None, "identifier", "Identifier")]
    [TestCase(EditScope.None, "opaque", "Opaque")]
    public void Editability_EachOne_HasScopeAndReason(EditScope scope, string? reason, string name)
    {
        var editability = name switch
        {
            "Span" => Editability.Span,
            "WholeValue" => Editability.WholeValue,
            "Signed" => Editability.Signed,
            "Key" => Editability.Key,
            "Identifier" => Editability.Identifier,
            _ => Editability.Opaque,
        };

        Assert.That((editability.Scope, editability.Reason), Is.EqualTo((scope, reason)));
        Assert.That(editability == default, Is.EqualTo(name == "Span"));
    }

    [TestCase(0, 2, 2, 2, false)]
    [TestCase(0, 3, 2, 2, true)]
    [TestCase(2, 2, 0, 3, true)]
    [TestCase(0, 9, 4, 1, true)]
    [TestCase(5, 0, 0, 10, false)]
    [TestCase(0, 10, 5, 0, false)]
    [TestCase(5, 0, 5, 0, false)]
    public void Overlaps_TwoSpans_OnlyWhenTheyShareAByte(int start, int length, int otherStart, int otherLength, bool expected) =>
        Assert.That(new TextSpan(start, length).Overlaps(new TextSpan(otherStart, otherLength)), Is.EqualTo(expected));

    [Test]
    public void SpanReach_UnionAndHoldBack_TakeTheLargest()
    {
        Assert.That(new SpanReach(1, 20, 3).Union(new SpanReach(4, 5, 6)), Is.EqualTo(new SpanReach(4, 20, 6)));
        Assert.That(new SpanReach(100, 20, 3).HoldBack, Is.EqualTo(23));
        Assert.That(new SpanReach(0, int.MaxValue, 1).HoldBack, Is.EqualTo(int.MaxValue));
    }
}
