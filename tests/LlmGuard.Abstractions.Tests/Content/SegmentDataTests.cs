using System.Runtime.CompilerServices;
using FsCheck.Fluent;

namespace LlmGuard.Abstractions.Tests.Content;

public sealed class SegmentDataTests
{
    private static readonly string[] Names =
        ["", "unknown", "system", "user", "assistant", "tool", "message", "tool_call", "key", "metadata", "developer", "Made Up"];

    private static readonly Editability[] Editabilities =
        [Editability.Span, Editability.WholeValue, Editability.Signed, Editability.Key, Editability.Identifier, Editability.Opaque];

    [Test]
    public void SizeOf_Segment_StaysWithinABound() => Assert.That(Unsafe.SizeOf<SegmentData>(), Is.LessThanOrEqualTo(64));

    [Test]
    public void Add_AnyInfo_IsToldAsItWasGiven()
    {
        var infos =
            from role in Gen.Elements(Names)
            from kind in Gen.Elements(Names)
            from source in Gen.Elements(Enum.GetValues<SegmentSource>())
            from name in Gen.Elements(null, "", "get_weather")
            from numbers in Gen.Choose(-1, 70_000).ArrayOf(6)
            from editability in Gen.Elements(Editabilities)
            select new SegmentInfo
            {
                Role = new SegmentRole(role),
                Kind = new SegmentKind(kind),
                Source = source,
                Position = new SegmentPosition(numbers[0], numbers[1], numbers[2], numbers[3]),
                Name = name,
                Group = numbers[4],
                Join = numbers[5],
                Editability = editability,
            };
        Laws.AssertHolds(infos, info => IsTold(info), 2000);
    }

    [TestCaseSource(nameof(Editabilities))]
    public void Editability_Any_HasAReasonOnlyIfNothingMayBeEdited(Editability editability) =>
        Assert.That(editability.Reason is null, Is.EqualTo(editability.Scope != EditScope.None));

    private static bool IsTold(SegmentInfo info)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("text", info);
        builder.AddBinary(UninspectedKind.Image, new byte[] { 1 }, "image/png", new Uri("http://a.example/"), info);
        builder.AddOpaque(UninspectedKind.TokenIds, info);
        var content = builder.Build();
        var (text, binary, opaque) = (content[0], content[1], content[2]);
        var closed = info with { Editability = Editability.Opaque };
        return Equals(text, info) && Equals(binary, closed) && Equals(opaque, closed)
            && (text.Payload, binary.Payload, opaque.Payload) == (PayloadKind.Text, PayloadKind.Binary, PayloadKind.Opaque)
            && (text.Uninspected, binary.Uninspected, opaque.Uninspected) == (null, UninspectedKind.Image, UninspectedKind.TokenIds)
            && (text.MediaType, binary.MediaType, opaque.MediaType) == (null, "image/png", null)
            && (text.Uri, binary.Uri?.Host, opaque.Uri) == (null, "a.example", null);
    }

    private static bool Equals(Segment segment, SegmentInfo info) =>
        segment.Data.Info == info && segment.Role == info.Role && segment.Kind == info.Kind && segment.Source == info.Source
            && segment.Position == info.Position
        && segment.Name == info.Name && segment.Group == info.Group && segment.Editability == info.Editability;
}
