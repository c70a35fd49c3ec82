namespace LlmGuard.Plugins.RequestSizeLimiter.Tests;

public sealed class SizeLimitsTests
{
    private static readonly RequestSizeLimiterPlugin Plugin = new();

    [TestCase("""{"allowed_payload_size": 0}""", "$.allowed_payload_size: 0 is out of range: expected 1 to 2147483647")]
    [TestCase("""{"allowed_payload_size": -1}""", "$.allowed_payload_size: -1 is out of range")]
    [TestCase("""{"allowed_payload_size": 1.5}""", "$.allowed_payload_size: expected a whole number")]
    [TestCase("""{"allowed_payload_size": "10"}""", "$.allowed_payload_size: expected a whole number, found a string")]
    [TestCase("""{"size_unit": "gigabytes"}""", "$.size_unit: expected one of \"bytes\", \"kilobytes\", \"megabytes\", found \"gigabytes\"")]
    [TestCase("""{"max_chars_per_request": 0}""", "$.max_chars_per_request: 0 is out of range")]
    [TestCase("""{"max_chars_per_request": -5}""", "$.max_chars_per_request: -5 is out of range")]
    [TestCase("""{"max_messages": 0}""", "$.max_messages: 0 is out of range")]
    [TestCase("""{"max_json_depth": 0}""", "$.max_json_depth: 0 is out of range")]
    [TestCase("""{"require_content_length": "yes"}""", "$.require_content_length: expected a boolean")]
    [TestCase("""{"max_bytes": 1}""", "$.max_bytes: unknown key: expected one of allowed_payload_size, max_chars_per_request, max_json_depth, max_messages, require_content_length, size_unit")]
    public void Create_WrongSettings_NamesThePlace(string json, string expected)
    {
        var settings = GuardrailSettings.Parse(json);
        Plugin.Create(settings);
        settings.ReportUnread();
        Assert.That(settings.Problems, Has.Count.EqualTo(1));
        Assert.That(settings.Problems[0].ToString(), Does.StartWith(expected));
    }

    [TestCase("{}", 10L * 1024 * 1024)]
    [TestCase("""{"allowed_payload_size": 3}""", 3L * 1024 * 1024)]
    [TestCase("""{"allowed_payload_size": 3, "size_unit": "kilobytes"}""", 3L * 1024)]
    [TestCase("""{"allowed_payload_size": 3, "size_unit": "bytes"}""", 3L)]
    [TestCase("""{"allowed_payload_size": 2147483647, "size_unit": "megabytes"}""", 2147483647L * 1024 * 1024)]
    public void Create_SizeAndUnit_LimitTheBytesThatAreRead(string json, long expected)
    {
        var limits = (IBodyLimits)Plugin.Create(GuardrailSettings.Parse(json));
        Assert.That((limits.MaxBodyBytes, limits.MaxJsonDepth), Is.EqualTo(((long?)expected, (int?)null)));
    }

    [Test]
    public void Create_JsonDepth_IsALimitOfReading()
    {
        var limits = (IBodyLimits)Plugin.Create(GuardrailSettings.Parse("""{"max_json_depth": 7}"""));
        Assert.That(limits.MaxJsonDepth, Is.EqualTo(7));
    }

    [Test]
    public void Metadata_Plugin_NeedsNoContentAndRunsFirst()
    {
        var metadata = Plugin.Metadata;
        Assert.That(metadata.Name, Is.EqualTo("request_size_limiter"));
        Assert.That((metadata.Needs, metadata.DefaultPriority, metadata.RunsInline), Is.EqualTo((GuardrailNeeds.BodyMetrics, 10, true)));
        Assert.That(metadata.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
    }
}
