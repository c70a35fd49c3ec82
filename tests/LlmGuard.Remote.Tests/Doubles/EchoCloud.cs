using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Remote.Tests.Doubles;

/// <summary>A judge that blocks what holds <c>BAD</c>, and accepts the bearer token that is current.</summary>
internal sealed class EchoCloud : FakeCloud
{
    public override string Name => "echo";

    /// <summary>The token it accepts; null for any or none.</summary>
    public string? Token { get; set; }

    protected override FakeAnswer Answer(FakeRequest request) =>
        Token is not null && request.Header("Authorization") != "Bearer " + Token
            ? new FakeAnswer(401, "{}")
            : new FakeAnswer(200, request.Text.Contains("BAD", StringComparison.Ordinal) ? """{"bad":true}""" : """{"bad":false}""");
}
