using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Reads the events of one stream, in their order, into segments: an event stream's or JSON lines'.</summary>
/// <param name="state">What the events share.</param>
/// <param name="dialect">The dialect, or null: then the first event may tell it.</param>
/// <param name="isEventStream">Whether it is an event stream rather than JSON lines.</param>
/// <param name="limits">The plan's limits.</param>
internal sealed class StreamEventReader(JsonStreamState state, string? dialect, bool isEventStream, PlanLimits limits)
{
    // What a long stream says under ever new names is read again now and then rather than remembered for good.
    private const int MostNames = 1024;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _hasBareJson;

    /// <summary>The dialect as far as it is known.</summary>
    public string? Dialect { get; private set; } = dialect;

    /// <summary>What the events say about the call.</summary>
    public BodyFacts Facts { get; private set; }

    /// <summary>Takes note of what an event said that was not read here.</summary>
    public void Add(in BodyFacts facts) => Facts = Facts.With(facts);

    /// <summary>Reads the lines of one event, or the one line that is one.</summary>
    /// <param name="source">What the lines count in.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="segments">Gets the segments.</param>
    /// <param name="lineValues">Gets where the segments of names, ids and comments stand.</param>
    /// <param name="frame">The event; null when it carries nothing.</param>
    /// <returns>Why it cannot be read, or null.</returns>
    public BodyReadResult? Read(
        ReadOnlyMemory<byte> source, List<SseLine> lines, GuardrailContentBuilder segments, Dictionary<int, TextSpan> lineValues,
            out LineFrame? frame)
    {
        frame = null;
        if (!isEventStream)
        {
            return ReadJson(frame = new LineFrame { Text = Slice(source, lines[0].Value), Lines = lines }, segments);
        }

        var data = new List<SseLine>();
        var name = "";
        foreach (var line in lines)
        {
            switch (line.Field)
            {
                case SseField.Data:
                    data.Add(line);
                    continue;
                case SseField.End:
                    continue;
                case SseField.Unknown when IsBareJson(Slice(source, line.Value).Span):
                    if (_hasBareJson || JsonSyntax.BeginsSeveral(Slice(source, line.Value).Span))
                    {
                        return BodyReadResult.Malformed;
                    }

                    _hasBareJson = true;
                    break;
                case SseField.Event:
                    name = Encoding.UTF8.GetString(Slice(source, line.Value).Span);
                    break;
            }

            ReadLine(source, line, segments, lineValues);
        }

        if (data.Count == 0)
        {
            return null;
        }

        var read = new LineFrame { Text = Join(source, data), Lines = data };
        var text = read.Text.Span.Trim(" \t\n"u8);
        if (text.IsEmpty || text.SequenceEqual("[DONE]"u8))
        {
            return null;
        }

        frame = read;

        // Where the dialect is known an event that looks like an object is one, and a broken one is refused.
        if ((text[0] == '{' && Dialect is not null) || (text[0] is (byte)'{' or (byte)'[' or (byte)'"' && JsonSyntax.IsValue(read.Text.Span)))
        {
            return ReadJson(read, segments);
        }

        read.Segment = segments.AddValidText(read.Text, new SegmentInfo
        {
            Role = SegmentRole.Assistant,
            Kind = SegmentKind.Message,
            Join = JsonStreamState.JoinOf(state.JoinSlot(new StreamChannel(-1, -1, "text of " + name))),
        });
        return null;
    }

    // One is an error that a server wrote as it was. Several are JSON lines under a wrong name: whoever reads them so joins texts that were judged
    // apart.
    private static bool IsBareJson(ReadOnlySpan<byte> line) =>
        line.TrimStart(" \t"u8).StartsWith("{"u8) && (JsonSyntax.IsValue(line) || JsonSyntax.BeginsSeveral(line));

    private BodyReadResult? ReadJson(StreamFrame frame, GuardrailContentBuilder segments)
    {
        Dialect ??= isEventStream ? StreamDialect.FromEvent(frame.Text.Span) : null;
        var options = new JsonReadOptions { Direction = JsonDirection.StreamEvent, Dialect = Dialect, Limits = limits, Stream = state };
        var result = JsonBodyReader.Read(frame.Text, options, segments);
        if (result.Body is not { } json)
        {
            return BodyReadResult.Unreadable(result);
        }

        frame.Json = json;
        Facts = Facts.With(JsonReadBody.FactsOf(json, Dialect));
        return null;
    }

    /// <summary>Names, ids and comments: seldom shown to anybody, but on the wire. What is said many times is read once.</summary>
    private void ReadLine(ReadOnlyMemory<byte> source, SseLine line, GuardrailContentBuilder segments, Dictionary<int, TextSpan> lineValues)
    {
        var value = Slice(source, line.Value);
        var isFixed = line.Field is SseField.Event or SseField.Id;
        if (_names.Count == MostNames)
        {
            _names.Clear();
        }

        if (value.Span.IndexOfAnyExcept(" \t\0"u8) < 0
            || (line.Field == SseField.Retry && value.Span.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            || (isFixed && !_names.Add(Encoding.UTF8.GetString(value.Span))))
        {
            return;
        }

        var segment = segments.AddValidText(value, new SegmentInfo
        {
            Kind = SegmentKind.Metadata,
            Editability = isFixed ? Editability.Identifier : Editability.Span,
        });
        lineValues.Add(segment, line.Value);
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> source, TextSpan span) => source.Slice(span.Start, span.Length);

    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> source, List<SseLine> data)
    {
        if (data.Count == 1)
        {
            return Slice(source, data[0].Value);
        }

        var joined = new byte[data.Sum(line => line.Value.Length) + data.Count - 1];
        var length = 0;
        foreach (var line in data)
        {
            if (length > 0 || line != data[0])
            {
                joined[length++] = (byte)'\n';
            }

            Slice(source, line.Value).CopyTo(joined.AsMemory(length));
            length += line.Value.Length;
        }

        return joined;
    }
}
