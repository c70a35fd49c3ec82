namespace LlmGuard.Remote.Credentials;

/// <summary>For a judge that asks for none.</summary>
internal sealed class NoCredential : IJudgeCredential
{
    public static NoCredential Instance { get; } = new();

    public string Identity => "";

    public ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => default;
}
