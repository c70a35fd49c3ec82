using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Tests.Json;

/// <summary>The events of one stream, read together.</summary>
internal sealed class StreamReading
{
    private readonly JsonStreamState _state = new();
    private readonly List<string> _events;
    private readonly List<JsonReadResult> _results = [];

    public StreamReading(string dialect, IEnumerable<string> events)
    {
        var builder = new GuardrailContentBuilder();
        _events = [.. events];
        foreach (var json in _events)
        {
            var options = new JsonReadOptions { Direction = JsonDirection.StreamEvent, Dialect = dialect, Stream = _state };
            _results.Add(JsonBodyReader.Read(Encoding.UTF8.GetBytes(json), options, builder));
        }

        Failure = _results.Find(r => r.Failure is not null).Failure ?? _state.Complete(builder);
        Content = builder.Build();
    }

    public GuardrailFailure? Failure { get; }

    public GuardrailContent Content { get; }

    public List<JsonBody> Bodies => [.. _results.Select(r => r.Body!)];

    /// <summary>The events after edits.</summary>
    public List<string> Rewrite(params IReadOnlyList<TextEdit> edits)
    {
        Assert.That(_state.Distribute(edits), Is.Null);
        return [.. _events.Zip(Bodies, (json, body) =>
        {
            var rewrite = body.Rewrite(edits, []);
            Assert.That(rewrite.Failure, Is.Null);
            return rewrite.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : json;
        })];
    }
}
