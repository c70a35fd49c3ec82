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
        if (json.Length > JsonToken.LongestText)
        {
            return JsonLocateStatus.TooManyTokens;
        }

        var scan = new StructuralScan<TBlock>(json);
        var found = tape.Positions(Room);
        var around = tape.Open(0);

        // Where the next token goes is so far behind its number as those that were packed meanwhile have made room.
        var (at, end, slot, shift, depth) = (0, 0, 0, 0, 0);

        // The container that is open, and what is known about its keys.
        var (marks, open, isSuspect) = (0ul, -1, false);
        var (inObject, isKey, isComplete) = (false, false, false);
        var (isAmbiguous, deepest) = (false, 0);
        ref var positions = ref MemoryMarshal.GetReference(found);
        ref var tokens = ref Unsafe.NullRef<ulong>();
        while (true)
        {
            if (end - at < Lookahead && !scan.IsFinished)
            {
                if (slot + shift > maxTokens)
                {
                    return JsonLocateStatus.TooManyTokens;
                }

                // Unchecked up to the next time: there are enough positions, if only such that are nowhere, and room for a token for each of them.
                end = Refill(ref scan, found, at, end);
                at = 0;
                slot += shift;
                tokens = ref MemoryMarshal.GetReference(tape.Reserve(slot, end));
                shift = tape.Shift;
                slot -= shift;
            }

            if (!isComplete)
            {
                var start = Unsafe.Add(ref positions, at);
                if (!IsInside(json, start))
                {
                    return JsonLocateStatus.Malformed;
                }

                var first = json[start];
                ref var token = ref Unsafe.Add(ref tokens, slot++);
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
                    var length = close - start - 1;
                    var plain = JsonToken.Of(isKey ? JsonTokenKind.Key : JsonTokenKind.String, start + 1, length);
                    token = hasEscapes ? JsonToken.Escaped(plain) : plain;
                    if (isKey)
                    {
                        if (ByteAt(json, Unsafe.Add(ref positions, at++)) != ':')
                        {
                            return JsonLocateStatus.Malformed;
                        }

                        // Keys that are the same have the same mark, so an object whose marks all differ has no key twice; escapes hide what a
                        // key is. An empty one has its closing quote in place of a letter.
                        var mark = 1ul << (length + (json[start + 1] * 5));
                        isSuspect |= (marks & mark) != 0 | hasEscapes;
                        marks |= mark;
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

                    if (depth >= around.Length)
                    {
                        around = tape.Open(depth);
                    }

                    around[depth++] = new OpenContainer(marks, open, isSuspect, inObject);
                    deepest = Math.Max(deepest, depth);
                    inObject = first == '{';
                    token = JsonToken.Of(inObject ? JsonTokenKind.Object : JsonTokenKind.Array, start, 0);
                    (marks, open, isSuspect) = (0, slot + shift - 1, false);
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

                    token = JsonToken.Of(kind, start, length);
                    at++;
                }
            }

            if (depth == 0)
            {
                break;
            }

            // Behind a value: another one, or the end of what it stands in.
            var next = ByteAt(json, Unsafe.Add(ref positions, at++));
            isComplete = next != ',';
            isKey = inObject;
            if (isComplete)
            {
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
                    isAmbiguous = scan.HasLoneSurrogate || JsonKeys.FindDuplicate(json, tape, open, folded: false) >= 0;
                }

                (marks, open, isSuspect, inObject) = around[--depth];
            }
        }

        var count = slot + shift;
        (tape.Count, tape.Depth) = (count, deepest);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ByteAt(ReadOnlySpan<byte> json, int position) => IsInside(json, position) ? json[position] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInside(ReadOnlySpan<byte> json, int position) => (uint)position < (uint)json.Length;
}
