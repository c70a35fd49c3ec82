using System.Text.Json;
using System.Text.Unicode;

namespace LlmGuard.Remote.Judging;

/// <summary>An answer that is strict JSON: valid UTF-8, no duplicate names, nothing after the value, at most 32 levels.</summary>
internal sealed class JudgeAnswer : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private readonly JsonDocument _document;

    /// <summary>Parses an answer.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body.</param>
    /// <exception cref="UnusableAnswerException">The body is not strict JSON.</exception>
    public JudgeAnswer(int status, ReadOnlyMemory<byte> body)
    {
        Status = status;
        if (!Utf8.IsValid(body.Span))
        {
            throw new UnusableAnswerException();
        }

        try
        {
            _document = JsonDocument.Parse(body, Strict);
        }
        catch (JsonException)
        {
            throw new UnusableAnswerException();
        }
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The answer as a whole.</summary>
    public JsonElement Root => _document.RootElement;

    public void Dispose() => _document.Dispose();
}
