using System.Net.Http.Headers;
using System.Text.Json;

namespace LlmGuard.Remote.Judging;

/// <summary>One question to a judge, which is one HTTP request, and how its answer is read.</summary>
/// <remarks>
/// Used by one thread at a time. Reading is strict: whatever is missing, of another type or unknown ends in an
/// <see cref="UnusableAnswerException"/> (the readers of <see cref="AnswerReading"/> throw it), which is an incomplete verdict and never a pass.
/// </remarks>
internal abstract class JudgeInquiry
{
    /// <summary>Where it is sent. Scheme, host and port are those of the entry's endpoint, else nothing is sent.</summary>
    public abstract Uri Address { get; }

    /// <summary>The method. POST by default.</summary>
    public virtual HttpMethod Method => HttpMethod.Post;

    /// <summary>Writes the request's JSON body. Called once, before the first attempt. A method without a body writes nothing.</summary>
    /// <param name="body">Where to write.</param>
    public abstract void WriteBody(Utf8JsonWriter body);

    /// <summary>Adds headers other than credentials. Nothing by default.</summary>
    /// <param name="request">The request of one attempt.</param>
    /// <remarks>They do not count for the cache of clean verdicts: what the verdict depends on belongs into address or body.</remarks>
    public virtual void AddHeaders(HttpRequestMessage request)
    {
    }

    /// <summary>Whether a status comes with an answer to be read. 200 to 299 by default.</summary>
    /// <param name="status">The HTTP status.</param>
    public virtual bool IsAnswer(int status) => status is >= 200 and <= 299;

    /// <summary>
    /// The verdict that a status of <see cref="IsAnswer"/> is by itself, whatever the body; null when the body must be read. Null by default.
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    public virtual GuardrailVerdict? ReadStatus(int status) => null;

    /// <summary>
    /// Whether a 400, 413 or 422 is recognisably about what the policy configures (model, version, resource), so that content has nothing to do
    /// with it. No by default. Also whether a 429 says that the account's quota is used up.
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="error">The error body, up to 16 KiB of it.</param>
    public virtual bool IsAboutConfiguration(int status, ReadOnlySpan<byte> error) => false;

    /// <summary>The same for vendors that name their errors in a header. Asks the other one by default.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="headers">The response's headers.</param>
    /// <param name="error">The error body, up to 16 KiB of it.</param>
    public virtual bool IsAboutConfiguration(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> error) =>
        IsAboutConfiguration(status, error);

    /// <summary>Reads the answer into a verdict about what was asked.</summary>
    /// <param name="answer">The answer; valid during the call.</param>
    /// <returns>Allow, flag, modify or block; or a failure.</returns>
    /// <exception cref="UnusableAnswerException">The answer holds no usable verdict.</exception>
    public abstract GuardrailVerdict Read(JudgeAnswer answer);
}
