using System.Text.Json;
using System.Text.Unicode;

namespace LlmGuard.Http.Json;

/// <summary>A locator on <see cref="Utf8JsonReader"/>, with the checks that reader leaves out: UTF-8, surrogates, unique keys.</summary>
internal sealed class JsonReaderLocator : IJsonLocator
{
    public static IJsonLocator Instance { get; } = new JsonReaderLocator();

    public JsonLocateStatus Locate(ReadOnlySpan<byte> json, int maxDepth, int maxTokens, JsonTape tape)
    {
        if (!Utf8.IsValid(json))
        {
            return JsonLocateStatus.Malformed;
        }

        // One level more than allowed, so that passing the limit is told apart from being malformed.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Math.Min(maxDepth, int.MaxValue - 1) + 1 });
        try
        {
            return Read(ref reader, json, maxDepth, maxTokens, tape);
        }
        catch (JsonException)
        {
            // The reader's only way to say "malformed". Its message may quote the text and goes no further.
            return JsonLocateStatus.Malformed;
        }
    }

    private static JsonLocateStatus Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int maxDepth, int maxTokens, JsonTape tape)
    {
        // While a container is open, its Next holds the index of the container around it.
        var open = -1;
        while (reader.Read())
        {
            if (tape.Count >= maxTokens)
            {
                return JsonLocateStatus.TooManyTokens;
            }

            var start = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    var depth = reader.CurrentDepth + 1;
                    if (depth > maxDepth)
                    {
                        return JsonLocateStatus.TooDeep;
                    }

                    tape.Depth = Math.Max(tape.Depth, depth);
                    var container = tape.Add(reader.TokenType == JsonTokenType.StartObject ? JsonTokenKind.Object : JsonTokenKind.Array, start, 0);
                    tape[container].Next = open;
                    open = container;
                    break;

                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    ref var closed = ref tape[open];
                    var around = closed.Next;
                    closed.Length = start + 1 - closed.Start;
                    closed.Next = tape.Count;
                    if (closed.Kind == JsonTokenKind.Object && JsonKeys.HasDuplicate(json, tape, open, folded: false))
                    {
                        return JsonLocateStatus.Ambiguous;
                    }

                    open = around;
                    break;

                case JsonTokenType.PropertyName or JsonTokenType.String:
                    var kind = reader.TokenType == JsonTokenType.String ? JsonTokenKind.String : JsonTokenKind.Key;
                    var text = tape.Add(kind, start + 1, reader.ValueSpan.Length);
                    if (reader.ValueIsEscaped)
                    {
                        if (JsonEscapes.HasLoneSurrogate(reader.ValueSpan))
                        {
                            return JsonLocateStatus.Ambiguous;
                        }

                        tape[text].HasEscapes = true;
                        tape.EscapedBytes += reader.ValueSpan.Length;
                    }

                    break;

                case JsonTokenType.Number:
                    tape.Add(JsonTokenKind.Number, start, reader.ValueSpan.Length);
                    break;

                case JsonTokenType.True:
                    tape.Add(JsonTokenKind.True, start, 4);
                    break;

                case JsonTokenType.False:
                    tape.Add(JsonTokenKind.False, start, 5);
                    break;

                default:
                    tape.Add(JsonTokenKind.Null, start, 4);
                    break;
            }
        }

        return JsonLocateStatus.Ok;
    }
}
