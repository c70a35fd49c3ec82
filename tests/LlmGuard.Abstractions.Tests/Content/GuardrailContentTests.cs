using System.Collections;

namespace LlmGuard.Abstractions.Tests.Content;

public sealed class GuardrailContentTests
{
    [Test]
    public void Where_SomeKept_KeepsIndexesAndTotal()
    {
        var content = Contents.OfStrings("a", "b", "c", "d");
        var view = content.Where(2, (mod, s) => s.Index % mod == 1);
        var narrower = view.Where("d", (text, s) => s.Text == text);

        Assert.That(view.Select(s => (s.Index, s.Text)), Is.EqualTo(new[] { (1, "b"), (3, "d") }));
        Assert.That((view.Count, view.TotalCount), Is.EqualTo((2, 4)));
        Assert.That(view[1].Index, Is.EqualTo(3));
        Assert.That(narrower.Single().Index, Is.EqualTo(3));
        Assert.That(narrower.TotalCount, Is.EqualTo(4));
    }

    [Test]
    public void Where_AllKept_IsTheSameInstance()
    {
        var content = Contents.OfStrings("a", "b");
        var view = content.Where(0, (i, s) => s.Index == i);

        Assert.That(content.Where(0, (_, _) => true), Is.SameAs(content));
        Assert.That(view.Where(0, (_, _) => true), Is.SameAs(view));
    }

    [Test]
    public void Where_NoneKept_IsEmptyWithTheTotal()
    {
        var view = Contents.OfStrings("a").Where(0, (_, _) => false);

        Assert.That(view, Is.Empty);
        Assert.That(view.TotalCount, Is.EqualTo(1));
    }

    [TestCase(-1)]
    [TestCase(1)]
    [TestCase(int.MinValue)]
    public void Indexer_OutsideTheView_Throws(int index)
    {
        var view = Contents.OfStrings("a", "b").Where(1, (i, s) => s.Index == i);
        Assert.That(() => view[index], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void GetEnumerator_EveryWay_WalksTheView()
    {
        var view = Contents.OfStrings("a", "b", "c").Where(1, (i, s) => s.Index != i);
        var indexes = new List<int>();
        foreach (var segment in view)
        {
            indexes.Add(segment.Index);
        }

        using var enumerator = view.GetEnumerator();
        while (enumerator.MoveNext())
        {
        }

        Assert.That(indexes, Is.EqualTo(new[] { 0, 2 }));
        Assert.That(((IEnumerable)view).Cast<Segment>().Select(s => s.Index), Is.EqualTo(indexes));
    }

    [Test]
    public void WithTexts_SomeReplaced_SharesTheRestAndLeavesTheOriginal()
    {
        var content = Contents.OfStrings("a", "b", "c");
        _ = content[1].Text + content[1].Utf8.Length;
        var view = content.Where(0, (i, s) => s.Index != i);
        var edited = view.WithTexts([KeyValuePair.Create(1, Contents.Bytes("ß"))]);

        Assert.That(edited.Select(s => (s.Index, s.Text, s.Utf8.Length)), Is.EqualTo(new[] { (1, "ß", 2), (2, "c", 1) }));
        Assert.That(edited.At(0).Text, Is.EqualTo("a"));
        Assert.That(edited.At(2).Text, Is.SameAs(content.At(2).Text));
        Assert.That(content[1].Text, Is.EqualTo("b"));
        Assert.That(edited.JoinedTexts, Is.Empty);
    }

    [Test]
    public void WithTexts_PartOfAJoinedText_IsJoinedAnew()
    {
        var content = Contents.Joined(("a", 0), ("b", 0));
        _ = content.JoinedTexts;

        Assert.That(
            content.WithTexts([KeyValuePair.Create(0, Contents.Bytes("xyz"))]).JoinedTexts.Single().Utf8.ToArray(), Is.EqualTo("xyzb"u8.ToArray()));
    }

    [Test]
    public void Detach_BuffersReusedAfterwards_KeepsEveryByte()
    {
        var text = Contents.Bytes("secret");
        var image = new byte[] { 1, 2, 3 };
        var builder = new GuardrailContentBuilder();
        builder.AddText(text, new SegmentInfo());
        builder.AddBinary(UninspectedKind.Image, image, null, null, new SegmentInfo());
        builder.AddText("native", new SegmentInfo());
        builder.AddText("not kept", new SegmentInfo());
        var detached = builder.Build().Where(3, (i, s) => s.Index != i).Detach();
        Array.Clear(text);
        Array.Clear(image);

        Assert.That(detached.Count, Is.EqualTo(3));
        Assert.That(detached[0].Text, Is.EqualTo("secret"));
        Assert.That(detached[1].Bytes.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(detached[2].Utf8.ToArray(), Is.EqualTo("native"u8.ToArray()));
    }

    [Test]
    public async Task Lazies_ReadAndCopiedByManyAtOnce_AreAlwaysWhole()
    {
        var texts = Enumerable.Range(0, 64).Select(i => string.Concat(Enumerable.Repeat("😀é" + i, i + 1))).ToArray();
        for (var round = 0; round < 40; round++)
        {
            var content = Contents.Joined([.. texts.Select((t, i) => (t, i % 4))]);
            using var start = new Barrier(4);
            var readers = Enumerable.Range(0, 4).Select(reader => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    var seen = reader switch { 0 => content, 1 => content.Detach(), 2 => content.WithTexts([]),
                        _ => content.Where(0, (_, s) => s.Index >= 0) };
                    return seen.Select(s => (System.Text.Encoding.UTF8.GetString(s.Utf8.Span), s.Text)).ToArray()
                        is var pairs && pairs.Select(p => p.Item1).SequenceEqual(texts) && pairs.Select(p => p.Text).SequenceEqual(texts)
                        && seen.JoinedTexts.Sum(j => j.Utf8.Length) == texts.Sum(System.Text.Encoding.UTF8.GetByteCount);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));

            Assert.That(await Task.WhenAll(readers), Is.All.True);
        }
    }

    [Test]
    public void FromText_TextAndRole_IsOneMessage()
    {
        var segment = GuardrailContent.FromText("hi", SegmentRole.Tool).Single();

        Assert.That((segment.Text, segment.Role, segment.Kind, segment.Source),
            Is.EqualTo(("hi", SegmentRole.Tool, SegmentKind.Message, SegmentSource.Body)));
        Assert.That((segment.Position, segment.Group, segment.Name), Is.EqualTo((SegmentPosition.None, -1, (string?)null)));
        Assert.That(() => GuardrailContent.FromText(null!, SegmentRole.User), Throws.ArgumentNullException);
    }

    [Test]
    public void Segment_OfTheSameContent_IsEqualByIndex()
    {
        var content = Contents.OfStrings("a", "a");
        var same = content[0];

        Assert.That(content[0] == same && content[0].Equals((object)same) && content[0].GetHashCode() == same.GetHashCode(), Is.True);
        Assert.That(content[0] != content[1], Is.True);
        Assert.That(content[0] == Contents.OfStrings("a")[0], Is.False);
        Assert.That(content[0].Equals("a"), Is.False);
    }

    [Test]
    public void Segment_Default_PrintsAndThrowsOnUse()
    {
        Assert.That(default(Segment).ToString(), Is.EqualTo("(no segment)"));
        Assert.That(() => default(Segment).Text, Throws.InstanceOf<NullReferenceException>());
    }
}
