namespace LlmGuard.Abstractions.Tests.Settings;

/// <summary>What is well-formed and would change nothing.</summary>
public sealed class RefusedSettingsTests
{
    [Test]
    public void RefuseIdle_GivenKeys_AreNamedWithWhatTheyHold()
    {
        var settings = Reading.Json("""{"wait": "2s", "most": 3, "word": "b", "text": "secret words", "absent": null}""");
        settings.Duration("wait", default, default, TimeSpan.MaxValue);
        settings.Choice("word", 1, KeyValuePair.Create("a", 1), KeyValuePair.Create("b", 2));
        settings.String("text");
        settings.RefuseIdle(true, "unless \"type\" is \"x\"", "wait", "most", "word", "text", "absent", "other");

        Assert.That(Reading.Problems(settings), Is.EqualTo(new[]
        {
            "$.wait: has no effect unless \"type\" is \"x\": expected no such key, found \"2s\"",
            "$.most: has no effect unless \"type\" is \"x\": expected no such key, found 3",
            "$.word: has no effect unless \"type\" is \"x\": expected no such key, found \"b\"",
            "$.text: has no effect unless \"type\" is \"x\": expected no such key, found a string",
        }));
    }

    [Test]
    public void RefuseIdle_ThatIsHonoured_IsNoProblem()
    {
        var settings = Reading.Json("""{"most": 3}""");
        settings.RefuseIdle(false, "ever", "most");
        Assert.That(settings.Problems, Is.Empty);
    }

    [TestCase("""{"k": ""}""", "$.k: must not be empty: expected a value or no such key, found a string with nothing in it")]
    [TestCase("""{"k": []}""", "$.k: must not be empty: expected a value or no such key, found an array with nothing in it")]
    [TestCase("""{"k": {}}""", "$.k: must not be empty: expected a value or no such key, found an object with nothing in it")]
    [TestCase("""{"k": null}""", null)]
    [TestCase("""{"k": " "}""", null)]
    [TestCase("""{"k": [null]}""", null)]
    [TestCase("""{"k": 0}""", null)]
    public void RefuseEmpty_Value_IsRefusedWhenNothingIsInIt(string json, string? problem)
    {
        var settings = Reading.Json(json);
        settings.RefuseEmpty("k", "other");
        Assert.That(Reading.Problems(settings), Is.EqualTo(problem is null ? [] : new[] { problem }));
    }

    [Test]
    public void RefuseRepeated_List_NamesTheLaterOne()
    {
        var settings = Reading.Json("""{"k": ["a", "b", "A", "", ""]}""");
        settings.RefuseRepeated("k", settings.Strings("k"), StringComparer.OrdinalIgnoreCase);
        Assert.That(Reading.Problems(settings), Is.EqualTo(new[] { "$.k[2]: names \"A\" again: expected it once" }));
    }

    [Test]
    public void RefuseRepeated_Map_IsReportedAtTheMap()
    {
        var settings = Reading.Json("""{"k": {"a": 1, "A": 2}}""");
        settings.RefuseRepeated("k", settings.KeysOf("k"), StringComparer.OrdinalIgnoreCase);
        Assert.That(Reading.Problems(settings), Is.EqualTo(new[] { "$.k: names \"A\" again: expected it once" }));
    }
}
