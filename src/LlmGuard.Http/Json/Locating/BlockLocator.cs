using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Http.Json.Locating;

/// <summary>
/// A strict locator (RFC 8259, UTF-8, unique keys, whole surrogate pairs) in one pass over the bytes: <see cref="StructuralScan{TBlock}"/> finds the
/// positions that matter in a chunk, the grammar is read off them, and the next chunk follows while the bytes are in the cache.
/// </summary>
/// <remarks>
/// A text that is not JSON is malformed whatever else may be wrong with it; only one that is can be ambiguous. Passing a limit ends the reading, so
/// that what stands more than a chunk behind is not looked at.
/// </remarks>
internal sealed class BlockLocator<TBlock> : IJsonLocator
    where TBlock : struct, IByteBlock<TBlock>
{
    // What a turn of the loop takes: the two quotes of a string, its first backslash, and the colon or comma behind it.
    private const int Lookahead = 4;

    private const int Room = Lookahead + StructuralScan<TBlock>.ChunkSize + Lookahead;

    // Outside of every text.
    private const int Nowhere = int.MaxValue;

    public JsonLocateStatus Locate(ReadOnlySpan<byte> json, int maxDepth, int maxTokens, JsonTape tape)
    {
        var scan = new StructuralScan<TBlock>(json);
        var found = tape.Positions(Room);
        var (at, end, count, depth) = (0, 0, 0, 0);

        // While a container is open, its Next is the index of the container around it, its Length the marks of its keys, and HasEscapes
        // whether two keys may be the same.
        var (open, inObject, isKey, isComplete) = (-1, false, false, false);
        var isAmbiguous = false;
        ref var positions = ref MemoryMarshal.GetReference(found);
        ref var tokens = ref Unsafe.NullRef<JsonToken>();
        while (true)
        {
            if (end - at < Lookahead && !scan.IsFinished)
            {
                if (count > maxTokens)
                {
                    return JsonLocateStatus.TooManyTokens;
                }

                // Unchecked up to the next time: there are enough positions, if only such that are nowhere, and room for a token for each of them.
                end = Refill(ref scan, found, at, end);
                at = 0;
                tokens = ref MemoryMarshal.GetReference(tape.Reserve(count + end));
            }

            if (!isComplete)
            {
                var start = Unsafe.Add(ref positions, at);
                if (!IsInside(json, start))
                {
                    return JsonLocateStatus.Malformed;
                }

                var first = json[start];
                ref var token = ref Unsafe.Add(ref tokens, count++);
                if (first == '"')
                {
                    // Nothing is found in a string but its first backslash, so what follows that is the closing quote.
                    var close = Unsafe.Add(ref positions, at + 1);
                    var hasEscapes = ByteAt(json, close) != '"';
                    if (hasEscapes)
                    {
                        close = Unsafe.Add(ref positions, at + 2);
                        if (!IsInside(json, close))
                        {
                            return JsonLocateStatus.Malformed;
                        }

                        tape.EscapedBytes += close - start - 1;
                        at++;
                    }

                    at += 2;
                    token = new JsonToken
                    {
                        Start = start + 1,
                        Length = close - start - 1,
                        Next = count,
                        Kind = isKey ? JsonTokenKind.Key : JsonTokenKind.String,
                        HasEscapes = hasEscapes,
                    };
                    if (isKey)
                    {
                        if (ByteAt(json, Unsafe.Add(ref positions, at++)) != ':')
                        {
                            return JsonLocateStatus.Malformed;
                        }

                        Mark(ref Unsafe.Add(ref tokens, open), json[start + 1], token.Length, hasEscapes);
                        isKey = false;
                        continue;
                    }
                }
                else if (isKey)
                {
                    return JsonLocateStatus.Malformed;
                }
                else if (first is (byte)'{' or (byte)'[')
                {
                    if (depth >= maxDepth)
                    {
                        return JsonLocateStatus.TooDeep;
                    }

                    tape.Depth = Math.Max(tape.Depth, ++depth);
                    inObject = first == '{';
                    token = new JsonToken { Kind = inObject ? JsonTokenKind.Object : JsonTokenKind.Array, Start = start, Next = open };
                    open = count - 1;
                    at++;
                    if (ByteAt(json, Unsafe.Add(ref positions, at)) != (inObject ? '}' : ']'))
                    {
                        isKey = inObject;
                        continue;
                    }
                }
                else
                {
                    var length = JsonScalars.Read(json[start..], out var kind);
                    if (length == 0)
                    {
                        return JsonLocateStatus.Malformed;
                    }

                    token = new JsonToken { Kind = kind, Start = start, Length = length, Next = count };
                    at++;
                }
            }

            if (open < 0)
            {
                break;
            }

            // Behind a value: another one, or the end of what it stands in.
            var place = Unsafe.Add(ref positions, at++);
            var next = ByteAt(json, place);
            isComplete = next != ',';
            isKey = inObject;
            if (isComplete)
            {
                if (next != (inObject ? '}' : ']'))
                {
                    return JsonLocateStatus.Malformed;
                }

                ref var closed = ref Unsafe.Add(ref tokens, open);
                var (around, isSuspect) = (closed.Next, closed.HasEscapes);
                (closed.Length, closed.Next, closed.HasEscapes) = (place + 1 - closed.Start, count, false);
                if (isSuspect && !isAmbiguous)
                {
                    // Half a surrogate pair has no text that could be compared.
                    isAmbiguous = scan.HasLoneSurrogate || JsonKeys.FindDuplicate(json, tape, open, folded: false) >= 0;
                }

                open = around;
                inObject = around >= 0 && Unsafe.Add(ref tokens, around).Kind == JsonTokenKind.Object;
                depth--;
            }
        }

        tape.Count = count;
        return Refill(ref scan, found, at, end) > 0 || scan.IsMalformed ? JsonLocateStatus.Malformed
            : count > maxTokens ? JsonLocateStatus.TooManyTokens
            : isAmbiguous || scan.HasLoneSurrogate ? JsonLocateStatus.Ambiguous
            : JsonLocateStatus.Ok;
    }

    /// <summary>Moves what is left to the front and finds more, until there is enough for a turn or all has been found.</summary>
    private static int Refill(ref StructuralScan<TBlock> scan, Span<int> found, int at, int end)
    {
        found[at..end].CopyTo(found);
        end -= at;
        while (end < Lookahead && !scan.IsFinished)
        {
            end += scan.Fill(found[end..]);
        }

        if (scan.IsFinished)
        {
            found.Slice(end, Lookahead).Fill(Nowhere);
        }

        return end;
    }

    /// <summary>
    /// Marks a key in its object. Keys that are the same have the same mark, so an object whose marks all differ has no key twice; escapes
    /// hide what a key is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mark(ref JsonToken container, byte first, int length, bool hasEscapes)
    {
        // An empty one has its closing quote in place of a letter.
        var mark = 1 << (length + (first * 5));
        container.HasEscapes |= (container.Length & mark) != 0 | hasEscapes;
        container.Length |= mark;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ByteAt(ReadOnlySpan<byte> json, int position) => IsInside(json, position) ? json[position] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInside(ReadOnlySpan<byte> json, int position) => (uint)position < (uint)json.Length;
}
