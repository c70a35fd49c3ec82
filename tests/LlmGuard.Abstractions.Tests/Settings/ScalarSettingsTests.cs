using System.Globalization;

namespace LlmGuard.Abstractions.Tests.Settings;

public sealed class ScalarSettingsTests
{
    private static readonly KeyValuePair<string, int>[] Words = [new("low", 1), new("high", 2)];

    private static readonly Func<GuardrailSettings, object?> String = s => s.String("k", "d");
    private static readonly Func<GuardrailSettings, object?> OptionalString = s => s.OptionalString("k");
    private static readonly Func<GuardrailSettings, object?> RequiredString = s => s.RequiredString("k");
    private static readonly Func<GuardrailSettings, object?> Boolean = s => s.Boolean("k", true);
    private static readonly Func<GuardrailSettings, object?> Int32 = s => s.Int32("k", 7, -5, 10);
    private static readonly Func<GuardrailSettings, object?> AnyInt32 = s => s.Int32("k", 7);
    private static readonly Func<GuardrailSettings, object?> RequiredInt32 = s => s.RequiredInt32("k", 3, 10);
    private static readonly Func<GuardrailSettings, object?> NegativeInt32 = s => s.RequiredInt32("k", -9, -3);
    private static readonly Func<GuardrailSettings, object?> OptionalInt32 = s => s.OptionalInt32("k", 1, 10);
    private static readonly Func<GuardrailSettings, object?> OptionalInt64 = s => s.OptionalInt64("k");
    private static readonly Func<GuardrailSettings, object?> Number = s => s.Number("k", 0.5, 0, 1);
    private static readonly Func<GuardrailSettings, object?> AnyNumber = s => s.Number("k", 0.5);
    private static readonly Func<GuardrailSettings, object?> Duration = s =>
        s.Duration("k", TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private static readonly Func<GuardrailSettings, object?> Choice = s => s.Choice("k", 0, Words);
    private static readonly Func<GuardrailSettings, object?> Parsed = s => s.Parsed("k", t => int.Parse(t, CultureInfo.InvariantCulture), -1);
    private static readonly Func<GuardrailSettings, object?> RequiredParsed = s => s.Parsed("k", t => t.Length, -1, required: true);
    private static readonly Func<GuardrailSettings, object?> HttpUri = s => s.HttpUri("k");
    private static readonly Func<GuardrailSettings, object?> RequiredUri = s => s.HttpUri("k", new Uri("http://d/"), required: true);
    private static readonly Func<GuardrailSettings, object?> Raw = s => s.RawJson("k");

    private const string Uri = "$.k: expected an absolute http or https URI without credentials";

    /// <summary>What the key holds, who reads it, what comes out, and the problem if there is one.</summary>
    private static IEnumerable<TestCaseData> FromJson()
    {
        TestCaseData Case(string read, Func<GuardrailSettings, object?> reader, string? json, object? value, string? problem = null) =>
            new TestCaseData(json is null ? "{}" : $$"""{"k": {{json}}}""", reader, value, problem)
                .SetName($"{read}_{json ?? "absent"}_IsReadOrReported");

        foreach (var absent in new[] { null, "null" })
        {
            yield return Case(nameof(String), String, absent, "d");
            yield return Case(nameof(OptionalString), OptionalString, absent, null);
            yield return Case(nameof(RequiredString), RequiredString, absent, "", "$.k: is required");
            yield return Case(nameof(Boolean), Boolean, absent, true);
            yield return Case(nameof(Int32), Int32, absent, 7);
            yield return Case(nameof(RequiredInt32), RequiredInt32, absent, 3, "$.k: is required");
            yield return Case(nameof(NegativeInt32), NegativeInt32, absent, -3, "$.k: is required");
            yield return Case(nameof(OptionalInt32), OptionalInt32, absent, null);
            yield return Case(nameof(OptionalInt64), OptionalInt64, absent, null);
            yield return Case(nameof(Number), Number, absent, 0.5);
            yield return Case(nameof(Duration), Duration, absent, TimeSpan.FromSeconds(9));
            yield return Case(nameof(Choice), Choice, absent, 0);
            yield return Case(nameof(Parsed), Parsed, absent, -1);
            yield return Case(nameof(RequiredParsed), RequiredParsed, absent, -1, "$.k: is required");
            yield return Case(nameof(HttpUri), HttpUri, absent, null);
            yield return Case(nameof(RequiredUri), RequiredUri, absent, new Uri("http://d/"), "$.k: is required");
            yield return Case(nameof(Raw), Raw, absent, null);
        }

        yield return Case(nameof(String), String, "\"a\\u00e9\"", "aé");
        yield return Case(nameof(String), String, "\"\"", "");
        yield return Case(nameof(String), String, "1", "d", "$.k: expected a string, found a number");
        yield return Case(nameof(String), String, "[]", "d", "$.k: expected a string, found an array");
        yield return Case(nameof(OptionalString), OptionalString, "{}", null, "$.k: expected a string, found an object");
        yield return Case(nameof(RequiredString), RequiredString, "\"\"", "", "$.k: must not be empty");
        yield return Case(nameof(RequiredString), RequiredString, "true", "", "$.k: expected a string, found a boolean");

        yield return Case(nameof(Boolean), Boolean, "false", false);
        yield return Case(nameof(Boolean), Boolean, "true", true);
        yield return Case(nameof(Boolean), Boolean, "\"false\"", true, "$.k: expected a boolean, found a string");
        yield return Case(nameof(Boolean), Boolean, "0", true, "$.k: expected a boolean, found a number");

        yield return Case(nameof(Int32), Int32, "10", 10);
        yield return Case(nameof(Int32), Int32, "-5", -5);
        yield return Case(nameof(Int32), Int32, "-0", 0);
        yield return Case(nameof(Int32), Int32, "11", 7, "$.k: 11 is out of range: expected -5 to 10");
        yield return Case(nameof(Int32), Int32, "-6", 7, "$.k: -6 is out of range: expected -5 to 10");
        yield return Case(nameof(Int32), Int32, "99999999999999999999", 7, "$.k: the number is out of range: expected -5 to 10");
        yield return Case(nameof(Int32), Int32, "-99999999999999999999", 7, "$.k: the number is out of range: expected -5 to 10");
        yield return Case(nameof(Int32), Int32, "1.0", 7, "$.k: expected a whole number, found a fraction or an exponent");
        yield return Case(nameof(Int32), Int32, "1e0", 7, "$.k: expected a whole number, found a fraction or an exponent");
        yield return Case(nameof(Int32), Int32, "\"1\"", 7, "$.k: expected a whole number, found a string");
        yield return Case(nameof(AnyInt32), AnyInt32, "2147483647", int.MaxValue);
        yield return Case(nameof(AnyInt32), AnyInt32, "2147483648", 7, "$.k: 2147483648 is out of range: expected -2147483648 to 2147483647");
        yield return Case(nameof(RequiredInt32), RequiredInt32, "2", 3, "$.k: 2 is out of range: expected 3 to 10");
        yield return Case(nameof(RequiredInt32), RequiredInt32, "[]", 3, "$.k: expected a whole number, found an array");
        yield return Case(nameof(OptionalInt32), OptionalInt32, "4", 4);
        yield return Case(nameof(OptionalInt32), OptionalInt32, "0", null, "$.k: 0 is out of range: expected 1 to 10");
        yield return Case(nameof(OptionalInt64), OptionalInt64, "9223372036854775807", long.MaxValue);
        yield return Case(nameof(OptionalInt64), OptionalInt64, "true", null, "$.k: expected a whole number, found a boolean");

        yield return Case(nameof(Number), Number, "0.25", 0.25);
        yield return Case(nameof(Number), Number, "1", 1.0);
        yield return Case(nameof(Number), Number, "1E-2", 0.01);
        yield return Case(nameof(Number), Number, "1.5", 0.5, "$.k: 1.5 is out of range: expected 0 to 1");
        yield return Case(nameof(AnyNumber), AnyNumber, "1.0e400", 0.5,
            "$.k: the number is out of range: expected -1.7976931348623157E+308 to 1.7976931348623157E+308");
        yield return Case(nameof(Number), Number, "\"0.2\"", 0.5, "$.k: expected a number, found a string");
        yield return Case(nameof(Number), Number, "\"NaN\"", 0.5, "$.k: expected a number, found a string");

        yield return Case(nameof(Duration), Duration, "\"1.5s\"", TimeSpan.FromSeconds(1.5));
        yield return Case(nameof(Duration), Duration, "\"1m\"", TimeSpan.FromMinutes(1));
        yield return Case(nameof(Duration), Duration, "\"61s\"", TimeSpan.FromSeconds(9), "$.k: 61s is out of range: expected 00:00:01 to 00:01:00");
        yield return Case(nameof(Duration), Duration, "\"-5s\"", TimeSpan.FromSeconds(9), "$.k: -5s is out of range: expected 00:00:01 to 00:01:00");
        yield return Case(nameof(Duration), Duration, "\"5\"", TimeSpan.FromSeconds(9),
            "$.k: expected a duration such as \"500ms\", \"1m30s\" or \"24h\", found a string");
        yield return Case(nameof(Duration), Duration, "5", TimeSpan.FromSeconds(9),
            "$.k: expected a duration such as \"500ms\", \"1m30s\" or \"24h\", found a number");

        yield return Case(nameof(Choice), Choice, "\"high\"", 2);
        yield return Case(nameof(Choice), Choice, "\"High\"", 0, "$.k: expected one of \"low\", \"high\", found \"High\"");
        yield return Case(nameof(Choice), Choice, "2", 0, "$.k: expected one of \"low\", \"high\", found a number");

        yield return Case(nameof(Parsed), Parsed, "\"12\"", 12);
        yield return Case(nameof(Parsed), Parsed, "\"99999999999\"", -1, "$.k: Value was either too large or too small for an Int32.");
        yield return Case(nameof(Parsed), Parsed, "12", -1, "$.k: expected a string, found a number");

        yield return Case(nameof(HttpUri), HttpUri, "\"https://a.example:8443/x\"", new Uri("https://a.example:8443/x"));
        yield return Case(nameof(HttpUri), HttpUri, "\"ftp://a.example/\"", null, Uri);
        yield return Case(nameof(HttpUri), HttpUri, "\"/relative\"", null, Uri);
        yield return Case(nameof(HttpUri), HttpUri, "\"\"", null, Uri);
        yield return Case(nameof(HttpUri), HttpUri, "\"https://u:p@a.example/\"", null, Uri);

        yield return Case(nameof(Raw), Raw, "{ \"b\" : [1.0e400, true, null, \"x\"], \"a\": {} }", """{"b":[1.0e400,true,null,"x"],"a":{}}""");
        yield return Case(nameof(Raw), Raw, "\"text\"", "\"text\"");
        yield return Case(nameof(Raw), Raw, "false", "false");
    }

    [TestCaseSource(nameof(FromJson))]
    public void Read_Json_GivesTheValueOrTheDefaultAndTheProblem(string json, Func<GuardrailSettings, object?> read, object? value, string? problem)
    {
        var settings = Reading.Json(json);

        Assert.That(read(settings), Is.EqualTo(value));
        Assert.That(Reading.Unread(settings), Is.EqualTo(problem is null ? [] : new[] { problem }), "and the key counts as read");
    }

    private static IEnumerable<TestCaseData> FromConfiguration()
    {
        TestCaseData Case(string read, Func<GuardrailSettings, object?> reader, string text, object? value, string? problem = null) =>
            new TestCaseData(text, reader, value, problem).SetName($"{read}_'{text}'FromConfiguration_IsConverted");

        yield return Case(nameof(Boolean), Boolean, "False", false);
        yield return Case(nameof(Boolean), Boolean, "no", true, "$.K: expected a boolean, found a string");
        yield return Case(nameof(Int32), Int32, "-5", -5);
        yield return Case(nameof(Int32), Int32, "12", 7, "$.K: 12 is out of range: expected -5 to 10");
        yield return Case(nameof(Int32), Int32, "1,0", 7, "$.K: expected a whole number, found a string");
        yield return Case(nameof(Int32), Int32, "", 7, "$.K: expected a whole number, found a string");
        yield return Case(nameof(Int32), Int32, "-", 7, "$.K: expected a whole number, found a string");
        yield return Case(nameof(OptionalInt64), OptionalInt64, "99999999999999999999", null,
            "$.K: the number is out of range: expected -9223372036854775808 to 9223372036854775807");
        yield return Case(nameof(Number), Number, "0.25", 0.25);
        yield return Case(nameof(Number), Number, "0,25", 0.5, "$.K: expected a number, found a string");
        yield return Case(nameof(Number), Number, "NaN", 0.5, "$.K: expected a number, found a string");
        yield return Case(nameof(Number), Number, " 1", 0.5, "$.K: expected a number, found a string");
        yield return Case(nameof(Choice), Choice, "HIGH", 2);
        yield return Case(nameof(Choice), Choice, "2", 0, "$.K: expected one of \"low\", \"high\", found \"2\"");
        yield return Case(nameof(Duration), Duration, "1s", TimeSpan.FromSeconds(1));
        yield return Case(nameof(String), String, "12", "12");
        yield return Case(nameof(Raw), Raw, "{}", null,
            "$.K: free-form JSON cannot come from IConfiguration, which does not keep it as written: use a policy file or code");
    }

    [TestCaseSource(nameof(FromConfiguration))]
    public void Read_Configuration_ConvertsByDeclaredTypeAndIgnoresTheCaseOfKeys(
        string text,
        Func<GuardrailSettings, object?> read,
        object? value,
        string? problem)
    {
        var settings = Reading.Loose(("K", text));

        Assert.That(read(settings), Is.EqualTo(value));
        Assert.That(Reading.Unread(settings), Is.EqualTo(problem is null ? [] : new[] { problem }));
    }

    [Test]
    public void Read_CultureWithOtherSigns_ReadsAndPrintsTheSame()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "~";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            var settings = Reading.Json("""{"a": -6, "b": 0.25, "c": "1.5s", "d": -1.5}""");

            Assert.That(settings.Int32("a", 0, -5), Is.Zero);
            Assert.That(settings.Number("b", 0), Is.EqualTo(0.25));
            Assert.That(settings.Duration("c", default, default, TimeSpan.MaxValue), Is.EqualTo(TimeSpan.FromSeconds(1.5)));
            Assert.That(settings.Number("d", 0, -1, 1), Is.Zero);
            Assert.That(Reading.Problems(settings), Is.EqualTo(new[]
            {
                "$.a: -6 is out of range: expected -5 to 2147483647", "$.d: -1.5 is out of range: expected -1 to 1",
            }));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void Parsed_OtherException_IsTheCallersOwn() =>
        Assert.That(
            () => Reading.Json("""{"k": "x"}""").Parsed<int>("k", _ => throw new InvalidOperationException(), 0), Throws.InvalidOperationException);

    [Test]
    public void Read_EmptyOrNullArguments_Throw()
    {
        var settings = Reading.Json("{}");

        Assert.That(() => settings.String(""), Throws.ArgumentException);
        Assert.That(() => settings.Int32(null!, 1), Throws.ArgumentNullException);
        Assert.That(() => settings.Object(""), Throws.ArgumentException);
        Assert.That(() => settings.Parsed<int>("k", null!, 0), Throws.ArgumentNullException);
        Assert.That(() => settings.List<int>("k", null!), Throws.ArgumentNullException);
        Assert.That(() => settings.Map<int>("k", null!), Throws.ArgumentNullException);
        Assert.That(() => settings.Choice("k", 0, (IReadOnlyList<KeyValuePair<string, int>>)null!), Throws.ArgumentNullException);
        Assert.That(() => GuardrailSettings.Parse(null!), Throws.ArgumentNullException);
    }
}
