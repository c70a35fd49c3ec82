using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Http.Json.Locating;

/// <summary>
/// A strict locator as <see cref="BlockLocator{TBlock}"/> is, with the same results, that follows the grammar from byte to byte and reads strings
/// with vectors (<see cref="StringScan"/>). Where no instruction writes out which bytes of a block matter, that is faster: bodies are strings
/// most of all.
/// </summary>
internal sealed class DirectLocator : IJsonLocator
{
    // Tokens that room is made for at once.
    private const int Room = 256;

    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n"u8);

    public JsonLocateStatus Locate(ReadOnlySpan<byte> json, int maxDepth, int maxTokens, JsonTape tape)
    {
        if (json.Length > JsonToken.LongestText)
        {
            return JsonLocateStatus.TooManyTokens;
        }

        var strings = new StringScan(json);
        var around = tape.Open(0);

        // Where the next token goes is so far behind its number as those that were packed meanwhile have made room.
        var (at, slot, room, shift, depth) = (0, 0, 0, 0, 0);

        // The container that is open, and what is known about its keys.
        var (marks, open, isSuspect, inObject) = (0ul, -1, false, false);
        var (isAmbiguous, deepest) = (false, 0);
        ref var tokens = ref Unsafe.NullRef<ulong>();
        while (true)
        {
            // A member has two tokens.
            if (room - slot < 2)
            {
                if (slot + shift > maxTokens)
                {
                    return JsonLocateStatus.TooManyTokens;
                }

                slot += shift;
                tokens = ref MemoryMarshal.GetReference(tape.Reserve(slot, Room));
                shift = tape.Shift;
                slot -= shift;
                room = slot + Room;
            }

            at = Behind(json, at);
            var first = ByteAt(json, at);
            if (inObject)
            {
                if (first != '"')
                {
                    return JsonLocateStatus.Malformed;
                }

                var start = at + 1;
                at = strings.EndOf(start, out var hasEscapes);
                if (at < 0)
                {
                    return JsonLocateStatus.Malformed;
                }

                var length = at - start;
                var key = JsonToken.Of(JsonTokenKind.Key, start, length);
                if (hasEscapes)
                {
                    key = JsonToken.Escaped(key);
                    tape.EscapedBytes += length;
                }

                Unsafe.Add(ref tokens, slot++) = key;

                // Keys that are the same have the same mark, so an object whose marks all differ has no key twice; escapes hide what a key is. An
                // empty one has its closing quote in place of a letter.
                var mark = 1ul << (length + (json[start] * 5));
                isSuspect |= (marks & mark) != 0 | hasEscapes;
                marks |= mark;
                at = Behind(json, at + 1);
                if (ByteAt(json, at) != ':')
                {
                    return JsonLocateStatus.Malformed;
                }

                at = Behind(json, at + 1);
                first = ByteAt(json, at);
            }

            ref var token = ref Unsafe.Add(ref tokens, slot++);
            if (first == '"')
            {
                var start = at + 1;
                at = strings.EndOf(start, out var hasEscapes);
                if (at < 0)
                {
                    return JsonLocateStatus.Malformed;
                }

                token = JsonToken.Of(JsonTokenKind.String, start, at - start);
                if (hasEscapes)
                {
                    token = JsonToken.Escaped(token);
                    tape.EscapedBytes += at - start;
                }

                at++;
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (depth >= maxDepth)
                {
                    return JsonLocateStatus.TooDeep;
                }

                if (depth >= around.Length)
                {
                    around = tape.Open(depth);
                }

                around[depth++] = new OpenContainer(marks, open, isSuspect, inObject);
                deepest = Math.Max(deepest, depth);
                inObject = first == '{';
                token = JsonToken.Of(inObject ? JsonTokenKind.Object : JsonTokenKind.Array, at, 0);
                (marks, open, isSuspect) = (0, slot + shift - 1, false);
                at = Behind(json, at + 1);
                if (ByteAt(json, at) != (inObject ? '}' : ']'))
                {
                    continue;
                }
            }
            else
            {
                var length = at < json.Length ? JsonScalars.Read(json[at..], out var kind) : Nothing(out kind);
                if (length == 0)
                {
                    return JsonLocateStatus.Malformed;
                }

                token = JsonToken.Of(kind, at, length);
                at += length;
            }

            // Behind a value: another one, or the end of what it stands in, which is a value too.
            while (true)
            {
                at = Behind(json, at);
                if (depth == 0)
                {
                    return End(json, at, slot + shift, deepest, maxTokens, isAmbiguous || strings.HasLoneSurrogate, tape);
                }

                var next = ByteAt(json, at++);
                if (next == ',')
                {
                    break;
                }

                if (next != (inObject ? '}' : ']'))
                {
                    return JsonLocateStatus.Malformed;
                }

                if (shift == 0)
                {
                    ref var closed = ref Unsafe.Add(ref tokens, open);
                    closed = JsonToken.Closed(closed, slot - open);
                }
                else
                {
                    tape.Close(open, slot + shift);
                }

                if (isSuspect && !isAmbiguous)
                {
                    // Half a surrogate pair has no text that could be compared.
                    isAmbiguous = strings.HasLoneSurrogate || JsonKeys.FindDuplicate(json, tape, open, folded: false) >= 0;
                }

                (marks, open, isSuspect, inObject) = around[--depth];
            }
        }
    }

    private static JsonLocateStatus End(
        ReadOnlySpan<byte> json, int at, int count, int deepest, int maxTokens, bool isAmbiguous, JsonTape tape)
    {
        (tape.Count, tape.Depth) = (count, deepest);
        return at < json.Length ? JsonLocateStatus.Malformed
            : count > maxTokens ? JsonLocateStatus.TooManyTokens
            : isAmbiguous ? JsonLocateStatus.Ambiguous
            : JsonLocateStatus.Ok;
    }

    private static int Nothing(out JsonTokenKind kind)
    {
        kind = JsonTokenKind.Null;
        return 0;
    }

    /// <summary>Where white space ends, of which there is none or one, as a rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Behind(ReadOnlySpan<byte> json, int at) =>
        (uint)at < (uint)json.Length && json[at] > ' ' ? at : BehindSpace(json, at);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int BehindSpace(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length)
        {
            return at;
        }

        if (json[at] == ' ' && at + 1 < json.Length && json[at + 1] > ' ')
        {
            return at + 1;
        }

        var length = json[at..].IndexOfAnyExcept(Space);
        return length < 0 ? json.Length : at + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ByteAt(ReadOnlySpan<byte> json, int at) => (uint)at < (uint)json.Length ? json[at] : (byte)0;
}
