using LlmGuard.Http.Dialects;
using LlmGuard.Http.Json.Locating;
using LlmGuard.Planning;

namespace LlmGuard.Http.Json;

/// <summary>Reads one JSON text into segments: a body, a line, the data of an event, a part.</summary>
internal static class JsonBodyReader
{
    // A body may hold more tokens than segments (brackets, literals, known numbers), but not without bound.
    private const int TokensPerSegment = 32;

    // What a plain message takes: brackets, role, content and their names. Room for more is made when there are more.
    private const int TokensOfMessage = 5;
    private const int MostExpected = 512;

    /// <summary>Reads a text strictly (RFC 8259, UTF-8, no duplicate keys, no lone surrogates, no trailing data, no byte order mark).</summary>
    /// <param name="json">The text; stays alive and unchanged while the segments are in use.</param>
    /// <param name="options">How.</param>
    /// <param name="builder">Gets the segments. After a failure it may hold some, and is not to be used on.</param>
    public static JsonReadResult Read(ReadOnlyMemory<byte> json, JsonReadOptions options, GuardrailContentBuilder builder)
    {
        using var tape = JsonTape.Rent();
        var status = JsonLocator.Instance.Locate(json.Span, options.Limits.MaxDepth, MaxTokens(options.Limits), tape);
        if (status != JsonLocateStatus.Ok)
        {
            return Unreadable(json.Span, tape, null, status, options);
        }

        var dialect = DialectRegistry.Find(options.Dialect);
        var walk = JsonWalk.Rent(json, tape, options, builder);
        walk.Expect(Math.Min(tape.Count / TokensOfMessage, MostExpected));
        if (dialect is null)
        {
            walk.Unknown(0, new PlaceContext());
        }
        else
        {
            dialect.Root(options.Direction).Visit(walk, 0, new PlaceContext());
        }

        if (walk.HasFailed)
        {
            return Unreadable(json.Span, tape, walk, walk.Status, options);
        }

        var facts = dialect?.Describe(walk, options.Direction) ?? CallFacts.Of(walk);
        if (options.Direction == JsonDirection.Request)
        {
            facts.Asks = AnswerSize.Of(walk);
        }

        var body = new JsonBody(dialect, walk, facts);
        walk.Close();
        return new JsonReadResult(body, null, 200);
    }

    /// <summary>Most tokens of one text.</summary>
    public static int MaxTokens(PlanLimits limits) => (int)Math.Min(int.MaxValue, (long)limits.MaxSegments * TokensPerSegment);

    public static GuardrailFailure FailureOf(JsonLocateStatus status, JsonDirection direction) => new(
        direction == JsonDirection.Request ? FailureClass.Input : FailureClass.Output,
        IsLimit(status) ? FailureReasons.LimitExceeded : FailureReasons.Undecodable);

    private static JsonReadResult Unreadable(
        ReadOnlySpan<byte> json, JsonTape tape, JsonWalk? walk, JsonLocateStatus status, JsonReadOptions options) =>
        new(null, FailureOf(status, options.Direction), IsLimit(status) ? 413 : 400)
        {
            Detail = options.Direction == JsonDirection.Request ? JsonFault.Describe(json, tape, walk, status, options.Limits) : null,
            IsTooDeep = status == JsonLocateStatus.TooDeep,
        };

    private static bool IsLimit(JsonLocateStatus status) => status is JsonLocateStatus.TooDeep or JsonLocateStatus.TooManyTokens;
}
