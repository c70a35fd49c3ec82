using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Edits;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Json;

/// <summary>A JSON text that was read in a test, with short ways to look at it and to edit it.</summary>
internal sealed class Reading
{
    private readonly JsonStreamState? _stream;

    private Reading(JsonReadResult result, GuardrailContent content, JsonStreamState? stream) =>
        (Result, Content, _stream) = (result, content, stream);

    public JsonReadResult Result { get; }

    public GuardrailContent Content { get; }

    public JsonBody Body => Result.Body ?? throw new AssertionException($"Not readable: {Result.Failure?.Reason}");

    public static Reading Of(string json, string? dialect = null, JsonDirection direction = JsonDirection.Request, PlanLimits? limits = null) =>
        Of(Encoding.UTF8.GetBytes(json), dialect, direction, limits);

    public static Reading Of(byte[] json, string? dialect = null, JsonDirection direction = JsonDirection.Request, PlanLimits? limits = null)
    {
        var builder = new GuardrailContentBuilder();
        var stream = direction == JsonDirection.StreamEvent ? new JsonStreamState() : null;
        var options = new JsonReadOptions { Direction = direction, Dialect = dialect, Limits = limits ?? PlanLimits.Default, Stream = stream };
        var result = JsonBodyReader.Read(json, options, builder);
        if (stream is not null)
        {
            Assert.That(stream.Complete(builder), Is.Null);
        }

        return new Reading(result, builder.Build(), stream);
    }

    public IEnumerable<Segment> Holding(string text) =>
        Enumerable.Range(0, Content.Count).Select(i => Content[i]).Where(s => s.Text.Contains(text, StringComparison.Ordinal));

    public IEnumerable<Segment> Uninspected() => Enumerable.Range(0, Content.Count).Select(i => Content[i]).Where(s => s.Uninspected is not null);

    /// <summary>Replaces a text wherever it stands in an editable segment, whole where only that is possible.</summary>
    public JsonRewrite Replace(string text, string replacement, bool alsoFixed = false)
    {
        var edits = new List<TextEdit>();
        foreach (var segment in Content)
        {
            if (segment.Editability.Scope == EditScope.None && !alsoFixed)
            {
                continue;
            }

            var needle = Encoding.UTF8.GetBytes(text);
            var from = 0;
            for (var at = segment.Utf8.Span.IndexOf(needle); at >= 0; at = segment.Utf8.Span[from..].IndexOf(needle))
            {
                var span = segment.Editability.Scope == EditScope.WholeValue
                    ? new TextSpan(0, segment.Utf8.Length)
                    : new TextSpan(from + at, needle.Length);
                edits.Add(new TextEdit(segment.Index, span, Encoding.UTF8.GetBytes(replacement)));
                from = span.End;
            }
        }

        return _stream?.Distribute(edits) is { } failure ? new JsonRewrite(null, failure) : Body.Rewrite(edits, []);
    }

    public string Change(params RequestChange[] changes)
    {
        var rewrite = Body.Rewrite([], changes);
        Assert.That(rewrite.Failure, Is.Null);
        return rewrite.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "(unchanged)";
    }
}
