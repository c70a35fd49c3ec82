namespace LlmGuard.Abstractions.Tests.Settings;

public sealed class NestedSettingsTests
{
    [Test]
    public void Strings_ArrayWithOtherTypes_KeepsOrderAndNamesEach()
    {
        var settings = Reading.Json("""{"k": ["a", 1, "b", null]}""");

        Assert.That(settings.Strings("k"), Is.EqualTo(new[] { "a", "", "b", "" }));
        Assert.That(
            Reading.Problems(settings), Is.EqualTo(new[] { "$.k[1]: expected a string, found a number", "$.k[3]: expected a string, found null" }));
    }

    [TestCase("{}", null)]
    [TestCase("""{"k": null}""", null)]
    [TestCase("""{"k": []}""", null)]
    [TestCase("""{"k": "a"}""", "$.k: expected an array, found a string")]
    [TestCase("""{"k": {"0": "a"}}""", "$.k: expected an array, found an object")]
    public void StringsAndList_NoArray_AreEmpty(string json, string? problem)
    {
        var expected = problem is null ? [] : new[] { problem };
        var (strings, list) = (Reading.Json(json), Reading.Json(json));

        Assert.That(strings.Strings("k"), Is.Empty);
        Assert.That(list.List("k", _ => 0), Is.Empty);
        Assert.That(Reading.Problems(strings), Is.EqualTo(expected));
        Assert.That(Reading.Problems(list), Is.EqualTo(expected));
    }

    [Test]
    public void StringsAndList_IdKeyedObjectFromConfiguration_AreItsValues()
    {
        var items = Reading.Node("$.k", [new("a", Reading.Text("$.k.a", "1")), new("b", Reading.Text("$.k.b", "2"))]);
        var settings = new GuardrailSettings(Reading.Node("$", [new("K", items)]), new SettingsSession());

        Assert.That(settings.Strings("k"), Is.EqualTo(new[] { "1", "2" }));
        Assert.That(Reading.Unread(settings), Is.Empty);
        Assert.That(Reading.Loose(("k", "")).Strings("k"), Is.Empty, "the JSON provider keeps [] as an empty text");
    }

    [Test]
    public void List_Objects_ReadsEachAndNamesItsPlace()
    {
        var settings = Reading.Json("""{"k": [{"n": 1}, {"n": "x"}, 5, {}, null]}""");

        Assert.That(settings.List("k", s => s.RequiredInt32("n")), Is.EqualTo(new[] { 1, 0, 0, 0, 0 }));
        Assert.That(Reading.Problems(settings), Is.EqualTo(new[]
        {
            "$.k[1].n: expected a whole number, found a string",
            "$.k[2]: expected an object, found a number",
            "$.k[3].n: is required",
            "$.k[4]: expected an object, found null",
        }));
    }

    [Test]
    public void Map_Values_AreReadUnderTheKeyValueAndNamedByTheirOwnPath()
    {
        var settings = Reading.Json("""{"k": {"Hate": 2, "two words": "x", "Empty": null, "": 9}}""");

        var items = settings.Map("k", s => s.RequiredInt32("value", max: 4));

        Assert.That(items.Select(i => i.Key), Is.EqualTo(new[] { "Hate", "two words", "Empty", "" }));
        Assert.That(items[0].Value, Is.EqualTo(2));
        Assert.That(Reading.Unread(settings), Is.EqualTo(new[]
        {
            "$.k['two words']: expected a whole number, found a string",
            "$.k.Empty: is required",
            "$.k['']: 9 is out of range: expected -2147483648 to 4",
        }));
    }

    [Test]
    public void Map_ProblemsOfTheReader_NameTheItemNotAKeyCalledValue()
    {
        var settings = Reading.Json("""{"k": {"a": "", "b": "x", "c": {"n": 1, "m": 2}}}""");

        settings.Map("k", s => s.Path switch
        {
            "$.k.a" => s.RequiredString("value"),
            "$.k.b" => s.Parsed<string>("value", _ => throw new FormatException("bad"), ""),
            _ => s.Object("value").Int32("n", 0).ToString(System.Globalization.CultureInfo.InvariantCulture),
        });

        Assert.That(
            Reading.Unread(settings), Is.EqualTo(new[] { "$.k.a: must not be empty", "$.k.b: bad", "$.k.c.m: unknown key: expected one of n" }));
    }

    [TestCase("{}", null)]
    [TestCase("""{"k": []}""", "$.k: expected an object, found an array")]
    public void Map_NoObject_IsEmpty(string json, string? problem)
    {
        var settings = Reading.Json(json);

        Assert.That(settings.Map("k", _ => 0), Is.Empty);
        Assert.That(Reading.Problems(settings), Is.EqualTo(problem is null ? [] : new[] { problem }));
    }

    [TestCase("{}", 7, null)]
    [TestCase("""{"k": null}""", 7, null)]
    [TestCase("""{"k": {"n": 1}}""", 1, null)]
    [TestCase("""{"k": 3}""", 7, "$.k: expected an object, found a number")]
    public void Object_EachForm_IsAReader(string json, int expected, string? problem)
    {
        var settings = Reading.Json(json);
        var nested = settings.Object("k");

        Assert.That(nested.Path, Is.EqualTo("$.k"));
        Assert.That(nested.Int32("n", 7), Is.EqualTo(expected));
        Assert.That(Reading.Unread(settings), Is.EqualTo(problem is null ? [] : new[] { problem }));
        Assert.That(nested.Problems, Is.SameAs(settings.Problems).Or.EqualTo(settings.Problems));
    }

    [Test]
    public void Object_ReadTwice_IsOneReaderSoThatItsKeysAreNotUnread()
    {
        var settings = Reading.Json("""{"k": {"a": 1, "b": 2}}""");

        Assert.That(settings.Object("k").Int32("a", 0) + settings.Object("k").Int32("b", 0), Is.EqualTo(3));
        Assert.That(Reading.Unread(settings), Is.Empty);
    }

    [Test]
    public void ReportUnread_KeysAtEveryDepth_NamesEachWithWhatWasExpected()
    {
        var settings = Reading.Json("""{"x": 1, "A": 2, "a": 3, "o": {"y": null, "p": {"z": []}}, "l": [{"n": 1}, {"m": 2}], "it's": 1}""");
        settings.Int32("a", 0);
        settings.Object("o").Object("p");
        settings.List("l", s => s.OptionalInt32("n"));

        Assert.That(Reading.Unread(settings), Is.EqualTo(new[]
        {
            "$.x: unknown key: expected one of a, l, o",
            "$.A: unknown key: expected one of a, l, o",
            "$['it\\'s']: unknown key: expected one of a, l, o",
            "$.o.y: unknown key: expected one of p",
            "$.o.p.z: unknown key: these settings take none",
            "$.l[1].m: unknown key: expected one of n",
        }));
    }

    [Test]
    public void ReportUnread_HasOnly_IsNotReading()
    {
        var settings = Reading.Json("""{"k": 1, "n": null}""");

        Assert.That((settings.Has("k"), settings.Has("n"), settings.Has("z")), Is.EqualTo((true, false, false)));
        Assert.That(Reading.Unread(settings), Has.Length.EqualTo(2));
    }

    [Test]
    public void Parse_NotAnObject_IsAProblemAndEveryReadGivesItsDefault()
    {
        var settings = Reading.Json("[1]");

        Assert.That(settings.Int32("k", 7), Is.EqualTo(7));
        Assert.That(settings.Has("k"), Is.False);
        Assert.That(Reading.Unread(settings), Is.EqualTo(new[] { "$: expected an object, found an array" }));
    }

    [Test]
    public void Problem_KeyIndexOrNone_NamesThePlace()
    {
        var settings = Reading.Json("""{"o": {}}""").Object("o");
        settings.Problem(null, "whole");
        settings.Problem("k", "key");
        settings.Problem("k", 2, "item");
        settings.Problem("a b", 0, "quoted");
        settings.Problem("a\n'\\", "escaped");

        Assert.That(Reading.Problems(settings), Is.EqualTo(new[]
        {
            "$.o: whole", "$.o.k: key", "$.o.k[2]: item", "$.o['a b'][0]: quoted", "$.o['a\\u000a\\'\\\\']: escaped",
        }));
    }
}
