using System.Text.Json;

namespace LlmGuard.Abstractions.Tests.Settings;

public sealed class SecretSettingsTests
{
    private const string Marker = "s3cret-MARKER";

    private static readonly Uri Destination = new("https://user:pw@judge.example:8443/path?q=1");

    [Test]
    public void Secret_Literal_IsReadAndRecordedWithoutReference()
    {
        var (settings, session) = Settings($$"""{"k": "{{Marker}}"}""");

        Assert.That(settings.Secret("k", Destination)!.Reveal(), Is.EqualTo(Marker));
        Assert.That(session.Secrets, Is.EqualTo(new[] { new SecretUse("$.k", null, "https://judge.example:8443") }));
        Assert.That(Reading.Unread(settings), Is.Empty);
    }

    [Test]
    public void Secret_Reference_IsResolvedAndRecorded()
    {
        var (settings, session) = Settings("""{"k": {"$secret": "Known"}}""");

        Assert.That(settings.Secret("k")!.Reveal(), Is.EqualTo(Marker));
        Assert.That(session.Secrets, Is.EqualTo(new[] { new SecretUse("$.k", "Known", null) }));
        Assert.That(Reading.Unread(settings), Is.Empty);
    }

    [TestCase("{}", false, null)]
    [TestCase("""{"k": null}""", false, null)]
    [TestCase("{}", true, "$.k: is required")]
    [TestCase("""{"k": ""}""", false, null)]
    [TestCase("""{"k": ""}""", true, "$.k: must not be empty")]
    [TestCase("""{"k": {"$secret": "Blank"}}""", false, "$.k: the secret 'Blank' is empty")]
    [TestCase("""{"k": {"$secret": "Spaces"}}""", true, "$.k: the secret 'Spaces' is empty")]
    [TestCase("""{"k": {"$secret": "Blank"}}""", true, "$.k: the secret 'Blank' is empty")]
    [TestCase("""{"k": {"$secret": "Other"}}""", false, "$.k: the secret 'Other' is not configured")]
    [TestCase("""{"k": {"$secret": ""}}""", false, "$.k: expected a string or {\"$secret\": \"Name\"}, found an object")]
    [TestCase("""{"k": {"$secret": 5}}""", false, "$.k: expected a string or {\"$secret\": \"Name\"}, found an object")]
    [TestCase("""{"k": {"$secret": "Known", "x": 1}}""", false, "$.k: expected a string or {\"$secret\": \"Name\"}, found an object")]
    [TestCase("""{"k": {}}""", false, "$.k: expected a string or {\"$secret\": \"Name\"}, found an object")]
    [TestCase("""{"k": 12345}""", false, "$.k: expected a string or {\"$secret\": \"Name\"}, found a number")]
    [TestCase("""{"k": ["s3cret-MARKER"]}""", false, "$.k: expected a string or {\"$secret\": \"Name\"}, found an array")]
    public void Secret_AbsentEmptyOrWrong_IsReportedWithoutTheValue(string json, bool required, string? problem)
    {
        var (settings, _) = Settings(json);

        Assert.That(settings.Secret("k", null, required)?.IsEmpty, Is.Not.False);
        Assert.That(Reading.Unread(settings), Is.EqualTo(problem is null ? [] : new[] { problem }));
    }

    [Test]
    public void Secret_ReadAsAnythingElse_IsNotResolvedAndNeverQuoted()
    {
        var (settings, session) = Settings("""{"a": {"$secret": "Known"}, "b": {"$secret": "Known"}, "c": {"$secret": "Known"}}""");
        settings.String("a");
        settings.HttpUri("b");
        settings.Object("c");

        Assert.That(session.Secrets, Is.Empty);
        Assert.That(string.Join('\n', Reading.Unread(settings)), Does.Not.Contain(Marker).And.Contain("$.c.$secret: unknown key"));
    }

    [Test]
    public void GuardrailSecret_EveryWayOfPrinting_IsAsterisks()
    {
        var secret = new GuardrailSecret(Marker);

        Assert.That(secret.ToString(), Is.EqualTo("***"));
        Assert.That($"{secret} {new { secret }} {(secret, 1)}", Does.Not.Contain(Marker));
        Assert.That(JsonSerializer.Serialize(secret), Does.Not.Contain(Marker));
        Assert.That(secret.Reveal(), Is.EqualTo(Marker));
        Assert.That((secret.IsEmpty, new GuardrailSecret("").IsEmpty), Is.EqualTo((false, true)));
        Assert.That(() => new GuardrailSecret(null!), Throws.ArgumentNullException);
    }

    private static (GuardrailSettings Settings, SettingsSession Session) Settings(string json)
    {
        var session = new SettingsSession { ResolveSecret = name => name switch { "Known" => Marker, "Blank" => "", "Spaces" => " \n", _ => null } };
        return (new GuardrailSettings(SettingsNodeParser.Parse(Contents.Bytes(json)), session), session);
    }
}
