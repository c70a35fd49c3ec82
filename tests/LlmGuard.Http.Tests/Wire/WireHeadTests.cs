using System.Net;
using System.Text;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Wire;

public sealed class WireHeadTests
{
    private const GuardrailNeeds All = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;

    [Test]
    public void ReadRequest_PathQueryAndHeaders_AreSegments()
    {
        var message =
            Read(new WireHead { Method = "GET", RawPath = "/a%20b/c", RawQuery = "?q=x+y&flag", Headers = [new("X-Note", "n"), new("X-Note", "m")] });

        Assert.That(
            message.Content.Select(segment => (segment.Kind.Value, segment.Source, segment.Name, segment.Text, segment.Editability.Reason)),
            Is.EqualTo(new[]
            {
                ("path", SegmentSource.PathAndQuery, null, "/a b/c", "identifier"),
                ("key", SegmentSource.PathAndQuery, null, "q", "key"),
                ("query", SegmentSource.PathAndQuery, "q", "x y", null),
                ("key", SegmentSource.PathAndQuery, null, "flag", "key"),
                ("header", SegmentSource.Headers, "x-note", "n", null),
                ("header", SegmentSource.Headers, "x-note", "m", (string?)null),
            }));
    }

    [TestCase(GuardrailNeeds.Content, 0)]
    [TestCase(GuardrailNeeds.Headers, 1)]
    [TestCase(GuardrailNeeds.PathAndQuery, 3)]
    public void ReadRequest_WhatNobodyNeeds_IsNoSegment(GuardrailNeeds needs, int count)
    {
        var head = new WireHead { Method = "GET", RawPath = "/a", RawQuery = "?q=x", Headers = [new("X-Note", "n")] };

        Assert.That(Read(head, needs: needs).Content, Has.Count.EqualTo(count));
    }

    [Test]
    public void ReadRequest_CredentialsAndFraming_AreNeverSegments()
    {
        const string Marker = "MARKER";
        string[] names =
        [
            "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key",
            "x-auth-token", "x-amz-security-token", "X-My-Secret", "Signature", "Content-Length", "Transfer-Encoding", "Connection", "Host",
            "Content-Encoding", "Content-MD5", "Content-Digest", "ETag",
        ];
        string[] parameters =
            ["key", "api_key", "access_token", "sig", "signature", "X-Amz-Signature", "x-amz-credential", "code", "token", "API%5FKEY"];
        var message = Read(new WireHead
        {
            Method = "GET",
            RawPath = "/a",
            RawQuery = "?" + string.Join('&', parameters.Select(name => $"{name}={Marker}")) + "&q=x",
            Headers = [.. names.Select(name => new KeyValuePair<string, string>(name, Marker))],
        });

        Assert.That(message.Content.Select(segment => segment.Text), Is.EqualTo(new[] { "/a", "q", "x" }));
    }

    [Test]
    public void ReadResponse_HeadersButNotTheRequestsPath_AreSegments()
    {
        var head = new WireHead { Method = "GET", RawPath = "/a", RawQuery = "?q=x", Status = HttpStatusCode.NotFound,
            Headers = [new("X-Note", "n"), new("Set-Cookie", "c")] };

        var message = WireReader.ReadResponse(head, default, false, All, PlanLimits.Default).Message!;

        Assert.That(message.Content.Select(segment => segment.Text), Is.EqualTo(new[] { "n" }));
    }

    [TestCase("?q=%FF", "/a")]
    [TestCase("?%C3=1", "/a")]
    [TestCase("", "/%FF")]
    public void ReadRequest_TargetThatDecodesToNoText_Is400(string query, string path)
    {
        var result =
            WireReader.ReadRequest(new WireHead { Method = "GET", RawPath = path, RawQuery = query }, default, false, All, PlanLimits.Default);

        Assert.That(result.StatusCode, Is.EqualTo(400));
    }

    [TestCase("?a=%7Ex&q=my+hello%21&b", "hello", "[X] &", "?a=%7Ex&q=my+%5BX%5D%20%26%21&b")]
    [TestCase("?q=%68ello", "hello", "", "?q=")]
    [TestCase("?q=1&q=hello", "hello", "\u20AC", "?q=1&q=%E2%82%AC")]
    public void Rewrite_QueryValue_EncodesOnlyTheSpan(string query, string find, string replacement, string expected)
    {
        var message = Read(new WireHead { Method = "GET", RawPath = "/a", RawQuery = query });

        Assert.That(message.Rewrite([Edit(message, find, replacement)], []).RawQuery, Is.EqualTo(expected));
    }

    [Test]
    public void Rewrite_Header_SetsTheHeader()
    {
        var message =
            Read(new WireHead { Method = "GET", RawPath = "/a", Headers = [new("X-Note", "one hello"), new("Other", "o"), new("x-note", "two")] });

        var rewrite = message.Rewrite([Edit(message, "hello", "[X]")], []);

        Assert.That(rewrite.Headers, Is.EqualTo(new[] { new KeyValuePair<string, string?>("X-Note", "one [X], two") }));
    }

    [TestCase("a\r\nInjected: 1")]
    [TestCase("\u2588\u2588")]
    [TestCase("\0")]
    public void Rewrite_HeaderThatCannotHoldTheMask_IsNotApplicable(string replacement)
    {
        var message = Read(new WireHead { Method = "GET", RawPath = "/a", Headers = [new("X-Note", "hello")] });

        Assert.That(message.Rewrite([Edit(message, "hello", replacement)], []).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [TestCase("Authorization", "AWS4-HMAC-SHA256 Credential=x")]
    [TestCase("X-Amz-Content-Sha256", "abc")]
    [TestCase("Signature-Input", "sig1=(\"content-digest\")")]
    [TestCase("Signature", "sig1=:abc:")]
    [TestCase("X-Hub-Signature-256", "sha256=abc")]
    public void Rewrite_UnderAKeyedSignature_IsNotApplicable(string name, string value)
    {
        var message = Read(new WireHead { Method = "POST", RawPath = "/a", ContentType = "text/plain", Headers = [new(name, value)] }, "say hello");

        Assert.That(message.Rewrite([Edit(message, "hello", "[X]")], []).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable)));
        Assert.That(message.Rewrite([], []).Failure, Is.Null);
    }

    [Test]
    public void Rewrite_OfThePathAloneUnderAKeyedSignature_IsNotApplicable()
    {
        var message = Read(new WireHead { Method = "POST", RawPath = "/model/a/invoke", ContentType = "application/json",
            Headers = [new("Authorization", "AWS4-HMAC-SHA256 Credential=x")] }, """{"inputText":"hello"}""");

        Assert.That(message.Rewrite([], [new RequestChange.Model("b")]).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [TestCase("X-Amz-Signature=s")]
    [TestCase("X%2DAmz-Signature=s")]
    public void Rewrite_SignedUrl_IsNotApplicable(string signature)
    {
        var message = Read(new WireHead { Method = "GET", RawPath = "/a", RawQuery = "?q=hello&" + signature });

        Assert.That(message.Rewrite([Edit(message, "hello", "[X]")], []).Failure, Is.Not.Null);
    }

    [Test]
    public void Rewrite_BodyUnderADigest_ComputesItAnew()
    {
        var message = Read(new WireHead { Method = "POST", RawPath = "/a", ContentType = "text/plain",
            Headers = [new("Content-Digest", "sha-256=:old:")] }, "say it");

        var rewrite = message.Rewrite([Edit(message, "say it", "hello")], []);

        Assert.That(rewrite.Headers, Is.EqualTo(new[] { new KeyValuePair<string, string?>("Content-Digest",
            "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:") }));
    }

    [Test]
    public void Rewrite_HeaderAndQueryChanges_AreCarriedOut()
    {
        var message = Read(new WireHead { Method = "GET", RawPath = "/a", RawQuery = "?q=1" });

        var rewrite = message.Rewrite(
            [], [new RequestChange.Header("X-A", "1"), new RequestChange.Header("X-B", null), new RequestChange.QueryValue("r", "2")]);

        Assert.That(rewrite.Headers, Is.EqualTo(new KeyValuePair<string, string?>[] { new("X-A", "1"), new("X-B", null) }));
        Assert.That(rewrite.RawQuery, Is.EqualTo("?q=1&r=2"));
    }

    [TestCaseSource(nameof(RefusedChanges))]
    public void Rewrite_ChangeThatCannotBe_IsNotApplicable(RequestChange change)
    {
        var message = Read(new WireHead { Method = "POST", RawPath = "/a", ContentType = "text/plain" }, "text");

        Assert.That(message.Rewrite([], [change]).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [Test]
    public void Rewrite_ModelInThePath_ChangesThePath()
    {
        var head = new WireHead { Method = "POST", RawPath = "/openai/deployments/old/chat/completions", RawQuery = "?api-version=1",
            ContentType = "application/json" };
        var message = Read(head, "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");

        var rewrite = message.Rewrite([], [new RequestChange.Model("new one")]);

        Assert.That((message.Model, rewrite.RawPath, rewrite.Body),
            Is.EqualTo(("old", "/openai/deployments/new%20one/chat/completions", (ReadOnlyMemory<byte>?)null)));
    }

    [Test]
    public void Rewrite_ModelInTheBody_ChangesTheBody()
    {
        var message = Read(new WireHead { Method = "POST", RawPath = "/v1/chat/completions" }, """{"model":"old","messages":[]}""");

        var rewrite = message.Rewrite([], [new RequestChange.Model("new")]);

        Assert.That(Encoding.UTF8.GetString(rewrite.Body!.Value.Span), Is.EqualTo("""{"model":"new","messages":[]}"""));
    }

    private static IEnumerable<RequestChange> RefusedChanges() =>
    [
        new RequestChange.Header("Host", "x"),
        new RequestChange.Header("Content-Length", "1"),
        new RequestChange.Header("Content-Digest", "sha-256=:x:"),
        new RequestChange.Header("Authorization", "x"),
        new RequestChange.Header("x-api-key", null),
        new RequestChange.Header("X Y", "x"),
        new RequestChange.Header("X-Y", "a\r\nb"),
        new RequestChange.QueryValue("access_token", "x"),
        new RequestChange.Model("x"),
        new RequestChange.MaxTokens(1),
        new RequestChange.ReportUsage(),
    ];

    private static WireMessage Read(WireHead head, string? body = null, GuardrailNeeds needs = All)
    {
        var result = WireReader.ReadRequest(head, Encoding.UTF8.GetBytes(body ?? ""), body is not null, needs, PlanLimits.Default);
        Assert.That(result.Failure, Is.Null);
        return result.Message!;
    }

    private static TextEdit Edit(WireMessage message, string find, string replacement)
    {
        var segment = message.Content.Single(segment => segment.Text.Contains(find, StringComparison.Ordinal));
        return new TextEdit(
            segment.Index, segment.ToUtf8(segment.Text.IndexOf(find, StringComparison.Ordinal), find.Length), Encoding.UTF8.GetBytes(replacement));
    }
}
