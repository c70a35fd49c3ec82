using LlmGuard.Planning;

namespace LlmGuard.Tests.Policy;

public sealed class EntryAliasTests
{
    [TestCase("\"monitor_mode\": true", ExpectedResult = "Monitor")]
    [TestCase("\"monitor_mode\": false", ExpectedResult = "Enforce")]
    [TestCase("\"mode\": \"observe\"", ExpectedResult = "Monitor")]
    [TestCase("\"mode\": \"monitor\", \"monitor_mode\": true", ExpectedResult = "Monitor")]
    [TestCase("\"settings\": {\"mode\": \"observe\"}", ExpectedResult = "Monitor")]
    [TestCase("\"settings\": {\"mode\": \"enforce\"}", ExpectedResult = "Enforce")]
    [TestCase("\"settings\": {\"monitor_mode\": true}", ExpectedResult = "Monitor")]
    [TestCase("\"monitor_mode\": true, \"settings\": {\"mode\": \"monitor\", \"monitor_mode\": true}", ExpectedResult = "Monitor")]
    public string Mode_Alias_IsTheEntryKey(string members) => Read.Entry(members).Mode.ToString();

    [TestCase("\"block_failures\": false", ExpectedResult = FailurePolicy.Allow)]
    [TestCase("\"block_failures\": true", ExpectedResult = FailurePolicy.Block)]
    [TestCase("\"settings\": {\"block_failures\": false}", ExpectedResult = FailurePolicy.Allow)]
    [TestCase("\"on_error\": \"allow\", \"block_failures\": false", ExpectedResult = FailurePolicy.Allow)]
    public FailurePolicy BlockFailures_Alias_IsOnError(string members) => Read.Entry(members).OnError;

    [TestCase("\"timeout\": \"2s\"", ExpectedResult = 2000)]
    [TestCase("\"timeout\": 250", ExpectedResult = 250)]
    [TestCase("\"timeout\": \"1m30s\"", ExpectedResult = 90_000)]
    [TestCase("\"settings\": {\"timeout\": \"2s\"}", ExpectedResult = 2000)]
    [TestCase("\"timeout_ms\": 2000, \"timeout\": \"2s\"", ExpectedResult = 2000)]
    public double Timeout_Alias_IsTimeoutMs(string members) => Read.Entry(members).Timeout.TotalMilliseconds;

    [TestCase("\"content_to_check\": [\"body\"]", ExpectedResult = "Body")]
    [TestCase("\"content_to_check\": [\"headers\", \"body\"]", ExpectedResult = "Body,Headers")]
    [TestCase("\"content_to_check\": [\"all\"]", ExpectedResult = "Body,Headers,PathAndQuery")]
    [TestCase("\"content_to_check\": [\"body\", \"headers\", \"path_and_query\"]", ExpectedResult = "Body,Headers,PathAndQuery")]
    [TestCase("\"sources\": [\"headers\", \"body\"], \"settings\": {\"content_to_check\": [\"body\", \"headers\"]}", ExpectedResult = "Body,Headers")]
    public string ContentToCheck_Alias_IsSources(string members) => string.Join(',', Read.Entry(members).Filter.Sources);

    [TestCase("\"check_prompt\": true", ExpectedResult = "PreRequest,PreResponse")]
    [TestCase("\"check_prompt\": true, \"check_response\": false", ExpectedResult = "PreRequest")]
    [TestCase("\"check_prompt\": false", ExpectedResult = "PreResponse")]
    [TestCase("\"settings\": {\"check_response\": true, \"check_prompt\": false}", ExpectedResult = "PreResponse")]
    [TestCase("\"stage\": \"pre_request\", \"check_prompt\": true", ExpectedResult = "PreRequest")]
    public string CheckPrompt_Alias_IsStage(string members) => string.Join(',', Read.Entry(members).Stages);

    [Test]
    public void CheckResponse_ByDefaultOnly_IsLeftOutWhereThePluginCannot()
    {
        var plugin = new FakePlugin("mask") { Metadata = new GuardrailPluginMetadata("mask") };
        Assert.That(Read.Entry("\"check_prompt\": true", plugin).Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
    }

    [Test]
    public void CheckResponse_Explicit_IsRefusedWhereThePluginCannot()
    {
        var plugin = new FakePlugin("mask") { Metadata = new GuardrailPluginMetadata("mask") };
        Assert.That(Read.Paths(Read.Gateway("\"check_response\": true"), plugin), Is.EqualTo(new[] { "$.gateway.required_plugins[0].stage" }));
    }

    [TestCase("\"mode\": \"enforce\", \"monitor_mode\": true", "monitor_mode")]
    [TestCase("\"mode\": \"enforce\", \"settings\": {\"mode\": \"observe\"}", "settings.mode")]
    [TestCase("\"monitor_mode\": true, \"settings\": {\"monitor_mode\": false}", "settings.monitor_mode")]
    [TestCase("\"on_error\": \"block\", \"block_failures\": false", "block_failures")]
    [TestCase("\"timeout_ms\": 1000, \"timeout\": \"2s\"", "timeout")]
    [TestCase("\"sources\": [\"body\"], \"content_to_check\": [\"all\"]", "content_to_check")]
    [TestCase("\"stage\": \"pre_request\", \"check_prompt\": false", "check_prompt")]
    [TestCase("\"stage\": \"pre_request\", \"check_response\": true", "check_response")]
    [TestCase("\"check_prompt\": false, \"check_response\": false", "stage")]
    [TestCase("\"monitor_mode\": \"yes\"", "monitor_mode")]
    [TestCase("\"timeout\": \"soon\"", "timeout")]
    [TestCase("\"timeout\": \"11m\"", "timeout")]
    [TestCase("\"timeout\": 0", "timeout")]
    [TestCase("\"timeout\": true", "timeout")]
    [TestCase("\"content_to_check\": [\"cookies\"]", "content_to_check[0]")]
    [TestCase("\"settings\": {\"mode\": \"strict\"}", "settings.mode")]
    public void Alias_Contradiction_IsRefused(string members, string path) =>
        Assert.That(Read.Paths(Read.Gateway(members)), Is.EqualTo(new[] { "$.gateway.required_plugins[0]." + path }));

    [Test]
    public void Alias_KeyThePluginReadsItself_StaysWithThePlugin()
    {
        var seen = "";
        var plugin = new FakePlugin("mask", s => seen = s.String("mode") + "/" + s.String("timeout"));
        var entry = Read.Entry("\"settings\": {\"mode\": \"observe\", \"timeout\": \"2s\"}", plugin);
        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.EqualTo("observe/2s"));
            Assert.That(entry.Mode, Is.EqualTo(EntryMode.Enforce));
            Assert.That(entry.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(1234)));
            Assert.That(entry.Settings, Is.EqualTo("""{"mode":"observe","timeout":"2s"}"""));
        });
    }

    [Test]
    public void Alias_InSettings_IsNoPartOfTheNormalisedSettings()
    {
        var plugin = new FakePlugin("mask", s => s.Int32("level", 1));
        var entry = Read.Entry("\"settings\": {\"mode\": \"observe\", \"level\": 2, \"block_failures\": false}", plugin);
        Assert.That(entry.Settings, Is.EqualTo("""{"level":2}"""));
    }

    [Test]
    public void Alias_AndEntryKey_GiveOneRevision() => Assert.That(
        Read.Policy(Read.Gateway("\"settings\": {\"monitor_mode\": true}")).Revision,
        Is.EqualTo(Read.Policy(Read.Gateway("\"mode\": \"monitor\"")).Revision));
}
