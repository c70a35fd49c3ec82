using LlmGuard.Http.Wire.Bodies;

namespace LlmGuard.Http.Tests.Wire;

/// <summary>What a Content-Type says of a body, as far as others than its readers ask.</summary>
public sealed class MediaTypeTests
{
    [TestCase("application/grpc", true)]
    [TestCase(" Application/GRPC ", true)]
    [TestCase("application/grpc+proto", true)]
    [TestCase("application/grpc ; charset=utf-8", true)]
    [TestCase("application/grpc;=", true)]
    [TestCase("application/grpc-web", true)]
    [TestCase("application/grpc-Web-text+proto", true)]
    [TestCase("application/grpcs", false)]
    [TestCase("application/grpc-status", false)]
    [TestCase("application/grp", false)]
    [TestCase("text/application/grpc", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    public void NamesGrpc_ContentType_IsAsItsServersReadIt(string? value, bool expected)
    {
        Assert.That(MediaType.NamesGrpc(value), Is.EqualTo(expected));
        Assert.That(MediaType.TryParse(value, out var type), Is.True);
        Assert.That(type is { IsGrpc: true }, Is.EqualTo(expected));
    }
}
