namespace LlmGuard.Abstractions.Tests.Content;

public sealed class GuardrailContentBuilderTests
{
    private static readonly SegmentInfo Info = new() { Role = SegmentRole.User, Kind = SegmentKind.Message, Name = "n", Group = 2, Join = 3 };

    private static readonly byte[][] InvalidUtf8 =
        [[0xFF], [0xC0, 0x80], [0xE4, 0xB8], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]];

    private static readonly string[] LoneSurrogates =
        ["\uD800", "\uDC00", "a\uD83D", "\uD83Da", "\uDE00\uD83D", "😀\uDE00", "\uD83D😀", "\uFFFD\uD800"];

    [TestCaseSource(nameof(InvalidUtf8))]
    public void AddText_InvalidUtf8_IsRefusedAndNotAdded(byte[] utf8)
    {
        var builder = new GuardrailContentBuilder();

        Assert.That(() => builder.AddText(utf8, Info), Throws.ArgumentException.With.Property("ParamName").EqualTo("utf8"));
        Assert.That(builder.Count, Is.Zero);
    }

    [TestCaseSource(nameof(LoneSurrogates))]
    public void AddText_LoneSurrogate_IsRefusedAndNotAdded(string text)
    {
        var builder = new GuardrailContentBuilder();

        Assert.That(() => builder.AddText(text, Info), Throws.ArgumentException.With.Property("ParamName").EqualTo("text"));
        Assert.That(builder.Count, Is.Zero);
        Assert.That(() => GuardrailContent.FromText(text, SegmentRole.User), Throws.ArgumentException);
    }

    [Test]
    public void AddText_Null_Throws() => Assert.That(() => new GuardrailContentBuilder().AddText((string)null!, Info), Throws.ArgumentNullException);

    [Test]
    public void AddText_AnyWellFormedText_IsTheSameInBothForms() => Laws.AssertHolds(Laws.Text, text =>
        Contents.OfStrings(text)[0].Utf8.Span.SequenceEqual(Contents.Bytes(text)) && Contents.OfUtf8(text)[0].Text == text);

    [Test]
    public void AddText_StringNative_KeepsTheInstance()
    {
        var text = new string('x', 3);
        Assert.That(Contents.OfStrings(text)[0].Text, Is.SameAs(text));
    }

    [Test]
    public void AddText_Utf8Native_DoesNotCopyTheBytes()
    {
        var bytes = Contents.Bytes("abc");
        var builder = new GuardrailContentBuilder();
        builder.AddText(bytes, Info);

        Assert.That(builder.Build()[0].Utf8.Equals(bytes), Is.True);
    }

    [Test]
    public void Add_EachPayload_ReturnsItsIndexAndKeepsItsFacts()
    {
        var builder = new GuardrailContentBuilder();
        var indexes = new[]
        {
            builder.AddText("t", Info),
            builder.AddBinary(UninspectedKind.Image, new byte[] { 1, 2 }, "image/png", new Uri("https://a.example/x"), Info),
            builder.AddOpaque(UninspectedKind.EncryptedReasoning, Info),
        };
        var content = builder.Build();

        Assert.That(indexes, Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(builder.Count, Is.EqualTo(3));
        Assert.That(content.Select(s => s.Payload), Is.EqualTo(new[] { PayloadKind.Text, PayloadKind.Binary, PayloadKind.Opaque }));
        Assert.That(content.Select(s => s.Uninspected),
            Is.EqualTo(new UninspectedKind?[] { null, UninspectedKind.Image, UninspectedKind.EncryptedReasoning }));
        Assert.That(content.Select(s => s.Editability), Is.EqualTo(new[] { Editability.Span, Editability.Opaque, Editability.Opaque }));
        Assert.That(content.Select(s => (s.Role, s.Kind, s.Name, s.Group)), Is.All.EqualTo((SegmentRole.User, SegmentKind.Message, "n", 2)));
        var binary = content[1];
        Assert.That(binary.Bytes.ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(binary.Utf8.IsEmpty, Is.True);
        Assert.That(binary.Text, Is.Empty);
        Assert.That(binary.MediaType, Is.EqualTo("image/png"));
        Assert.That(binary.Uri, Is.EqualTo(new Uri("https://a.example/x")));
        Assert.That(content[0].Bytes.IsEmpty, Is.True);
        Assert.That(content[2].Text, Is.Empty);
        Assert.That(content[2].Bytes.IsEmpty, Is.True);
    }

    [Test]
    public void Build_BuilderUsedOn_DoesNotChangeWhatWasBuilt()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("a", Info);
        var first = builder.Build();
        builder.AddText("b", Info);

        Assert.That(first.Count, Is.EqualTo(1));
        Assert.That(builder.Build().Count, Is.EqualTo(2));
    }

    [Test]
    public void Build_Nothing_IsEmpty() => Assert.That(new GuardrailContentBuilder().Build(), Is.SameAs(GuardrailContent.Empty));
}
