using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Transport;

namespace LlmGuard.Remote.Credentials;

/// <summary>Acquires a token with a JSON request, for vendors whose token endpoint is not OAuth's form. Thread-safe.</summary>
/// <param name="runtime">Clients and clock.</param>
/// <param name="settings">The settings of the token endpoint: what may be connected to.</param>
/// <param name="address">Where tokens are handed out.</param>
/// <param name="write">Writes the request, which holds the secret.</param>
/// <param name="read">Reads the answer; the second argument is now.</param>
internal sealed class TokenExchange(
    JudgeRuntime runtime,
    JudgeSettings settings,
    Uri address,
    Action<Utf8JsonWriter> write,
    Func<JsonElement, DateTimeOffset, AccessToken> read)
{
    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Asks for a token once.</summary>
    /// <param name="cancellationToken">The time there is.</param>
    /// <exception cref="TokenRefusedException">The endpoint answered something else than 200 with a token.</exception>
    /// <exception cref="HttpRequestException">The endpoint could not be reached.</exception>
    public async Task<AccessToken> AcquireAsync(CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body))
        {
            write(writer);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await runtime.ClientFor(settings)
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        if (status != 200)
        {
            throw new TokenRefusedException(status);
        }

        var (bytes, isComplete) = await AnswerBody.ReadAsync(response.Content, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        try
        {
            using var answer = new JudgeAnswer(status, isComplete ? bytes : default);
            return read(answer.Root, runtime.Time.GetUtcNow());
        }
        catch (Exception exception) when (exception is UnusableAnswerException or InvalidOperationException)
        {
            throw new TokenRefusedException(status);
        }
    }

    /// <summary>Reads a token's value: printable ASCII without spaces, so that it fits into a header.</summary>
    /// <param name="value">The member.</param>
    /// <exception cref="UnusableAnswerException">It is something else.</exception>
    public static string ValueOf(JsonElement value) =>
        value.Text() is { Length: > 0 } text && text.All(static c => c is > ' ' and < '\x7f') ? text : throw new UnusableAnswerException();
}

/// <summary>A token endpoint gave no token. Says the status and nothing the endpoint said.</summary>
/// <param name="status">The HTTP status; 200 for an answer without a usable token.</param>
internal sealed class TokenRefusedException(int status) : Exception("The token endpoint handed out no token.")
{
    public int Status => status;
}
