using System.Text;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Json;

/// <summary>
/// One event of a stream in a dialect that is not known. Any of its strings may be a piece of a text that goes on in the next event, so strings
/// at one path, with the same choice and block numbers around them, are also read as one text.
/// </summary>
internal sealed class UnknownEvent(JsonWalk walk, JsonStreamState stream)
{
    private static readonly PlaceContext Unknown = new() { Kind = SegmentKind.Unknown, Join = -1, Group = -1 };

    // What tells interleaved texts apart in the dialects there are.
    private static readonly byte[][] Discriminators =
        ["index"u8.ToArray(), "outputindex"u8.ToArray(), "contentindex"u8.ToArray(), "summaryindex"u8.ToArray(), "contentblockindex"u8.ToArray(), "itemid"u8.ToArray()];

    private readonly Stack<(int End, string Path, bool IsArray)> _containers = new();

    public void Add(int token)
    {
        var end = walk.Tape[token].Next;
        var name = "";
        for (var i = token; i < end && !walk.HasFailed; i++)
        {
            while (_containers.TryPeek(out var left) && i >= left.End)
            {
                _containers.Pop();
            }

            var path = _containers.TryPeek(out var container) ? container.Path + (container.IsArray ? "[]" : name) : "$";
            switch (walk.Tape[i].Kind)
            {
                case JsonTokenKind.Key:
                    walk.Key(i, Unknown);
                    name = "." + Encoding.UTF8.GetString(walk.Unescape(i).Span);
                    break;
                case JsonTokenKind.Object:
                    _containers.Push((walk.Tape[i].Next, path + Discriminated(i), false));
                    break;
                case JsonTokenKind.Array:
                    _containers.Push((walk.Tape[i].Next, path, true));
                    break;
                case JsonTokenKind.String:
                    walk.Leaf(i, Unknown with { Join = stream.JoinSlot(new StreamChannel(-1, -1, path)) });
                    break;
                case JsonTokenKind.Number:
                    walk.Leaf(i, Unknown);
                    break;
            }
        }
    }

    private string Discriminated(int container)
    {
        StringBuilder? found = null;
        foreach (var name in Discriminators)
        {
            var value = walk.Find(container, name);
            if (value >= 0 && walk.Tape[value].Kind is JsonTokenKind.Number or JsonTokenKind.String)
            {
                (found ??= new StringBuilder("#")).Append(Encoding.UTF8.GetString(walk.Raw(value))).Append(',');
            }
        }

        return found?.ToString() ?? "";
    }
}
