using System.Text;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Json;

/// <summary>
/// A value of a stream's event that no dialect describes: all of an event in an unknown dialect, or a member that a known one does not have. Any of
/// its strings may be a piece of a text that goes on in the next event, so strings at one path, with the same choice and block numbers around
/// them, are also read as one text.
/// </summary>
internal sealed class UnknownEvent(JsonWalk walk, JsonStreamState stream, PlaceContext context)
{
    // What tells interleaved texts apart in the dialects there are.
    private static readonly byte[][] Discriminators =
        ["index"u8.ToArray(), "outputindex"u8.ToArray(), "contentindex"u8.ToArray(),
            "summaryindex"u8.ToArray(), "contentblockindex"u8.ToArray(), "itemid"u8.ToArray()];

    private readonly Stack<(int End, string Path, bool IsArray)> _containers = new();

    public void Add(int token)
    {
        var end = walk.Tape[token].Next;
        var start = PathTo(token);
        var name = "";
        for (var i = token; i < end && !walk.HasFailed; i++)
        {
            while (_containers.TryPeek(out var left) && i >= left.End)
            {
                _containers.Pop();
            }

            var path = _containers.TryPeek(out var container) ? container.Path + (container.IsArray ? "[]" : name) : start;
            switch (walk.Tape[i].Kind)
            {
                case JsonTokenKind.Key:
                    walk.Key(i, context);
                    name = "." + Encoding.UTF8.GetString(walk.Unescape(i).Span);
                    break;
                case JsonTokenKind.Object:
                    _containers.Push((walk.Tape[i].Next, path + Discriminated(i), false));
                    break;
                case JsonTokenKind.Array:
                    _containers.Push((walk.Tape[i].Next, path, true));
                    break;
                case JsonTokenKind.String:
                    walk.Leaf(i, context with { Join = stream.JoinSlot(new StreamChannel(-1, -1, path)) });
                    break;
                case JsonTokenKind.Number:
                    walk.Leaf(i, context);
                    break;
            }
        }
    }

    // Places of one dialect are told apart by where they stand in the event.
    private string PathTo(int token)
    {
        var path = new StringBuilder("$");
        for (var at = 0; at < token;)
        {
            var isObject = walk.Tape[at].Kind == JsonTokenKind.Object;
            path.Append(isObject ? Discriminated(at) : "[]");
            var child = at + 1;
            while (walk.Tape[isObject ? child + 1 : child].Next <= token)
            {
                child = walk.Tape[isObject ? child + 1 : child].Next;
            }

            if (isObject)
            {
                path.Append('.').Append(Encoding.UTF8.GetString(walk.Unescape(child).Span));
                child++;
            }

            at = child;
        }

        return path.ToString();
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
