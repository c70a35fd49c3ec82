using System.Buffers;
using System.Numerics;
using System.Text;

namespace LlmGuard.Http.Json;

/// <summary>Property names: as they are, and folded (case and <c>_</c> ignored) the way lenient servers match them.</summary>
internal static class JsonKeys
{
    private const int FewKeys = 8;
    private const int FewPlainKeys = 16;
    private const int FoldedRoom = 256;

    /// <summary>The key of an object that has the name of an earlier one, escapes resolved, or -1.</summary>
    public static int FindDuplicate(ReadOnlySpan<byte> json, JsonTape tape, int container, bool folded)
    {
        var (count, hasEscapes) = (0, false);
        for (var (key, end) = (container + 1, tape[container].Next); key < end; key = tape[key + 1].Next)
        {
            count++;
            hasEscapes |= tape[key].HasEscapes;
        }

        if (count <= 1)
        {
            return -1;
        }

        if (!folded && !hasEscapes && count <= FewPlainKeys)
        {
            return FindPlainOfFew(json, tape, container);
        }

        if (count > FewKeys)
        {
            return FindOfMany(json, tape, container, count, folded);
        }

        return folded
            ? FindFoldedOfFew(json, tape, container) ?? FindOfMany(json, tape, container, count, folded)
            : FindOfFew(json, tape, container);
    }

    /// <summary>Writes a name unescaped and folded.</summary>
    /// <param name="name">The raw name.</param>
    /// <param name="hasEscapes">Whether it has escapes.</param>
    /// <param name="scratch">At least <see cref="MaxFolded"/> of the raw length.</param>
    public static ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> name, bool hasEscapes, Span<byte> scratch)
    {
        var text = Plain(name, hasEscapes, scratch);
        if (!Ascii.IsValid(text))
        {
            return scratch[..FoldUnicode(text, scratch)];
        }

        var length = 0;
        foreach (var letter in text)
        {
            if (letter != '_')
            {
                scratch[length++] = Lower(letter);
            }
        }

        return scratch[..length];
    }

    /// <summary>Whether a name, folded, is another that is folded already.</summary>
    /// <param name="name">The raw name.</param>
    /// <param name="hasEscapes">Whether it has escapes.</param>
    /// <param name="folded">The other.</param>
    public static bool FoldsTo(ReadOnlySpan<byte> name, bool hasEscapes, ReadOnlySpan<byte> folded)
    {
        if (hasEscapes)
        {
            return FoldsToSlowly(name, hasEscapes, folded);
        }

        var matched = 0;
        foreach (var letter in name)
        {
            if (letter == '_')
            {
                continue;
            }

            if (letter >= 0x80)
            {
                return FoldsToSlowly(name, hasEscapes, folded);
            }

            // Folding goes letter by letter, so the first that differs decides whatever follows.
            if (matched == folded.Length || folded[matched++] != Lower(letter))
            {
                return false;
            }
        }

        return matched == folded.Length;
    }

    /// <summary>Room that folding a raw name of some length takes at most: simple case mapping grows two bytes to three at worst.</summary>
    public static int MaxFolded(int rawLength) => rawLength * 2;

    private static byte Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;

    private static bool FoldsToSlowly(ReadOnlySpan<byte> name, bool hasEscapes, ReadOnlySpan<byte> folded)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(MaxFolded(name.Length));
        try
        {
            return Fold(name, hasEscapes, scratch).SequenceEqual(folded);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
        }
    }

    // Mapping twice joins what either direction joins. The long s and the Kelvin sign are the letters s and k to servers that fold by
    // Unicode's table; .NET keeps them apart from ASCII.
    private static int FoldUnicode(ReadOnlySpan<byte> text, Span<byte> folded) => Encoding.UTF8.GetBytes(
        Encoding.UTF8.GetString(text).Replace("_", "", StringComparison.Ordinal).Replace('\u017F', 's').Replace('\u212A', 'k')
            .ToUpperInvariant().ToLowerInvariant(),
        folded);

    private static int FindPlainOfFew(ReadOnlySpan<byte> json, JsonTape tape, int container)
    {
        for (var (key, end) = (tape[container + 2].Next, tape[container].Next); key < end; key = tape[key + 1].Next)
        {
            var name = Raw(json, tape, key);
            for (var earlier = container + 1; earlier < key; earlier = tape[earlier + 1].Next)
            {
                if (tape[earlier].Length == name.Length && name.SequenceEqual(Raw(json, tape, earlier)))
                {
                    return key;
                }
            }
        }

        return -1;
    }

    private static int FindOfFew(ReadOnlySpan<byte> json, JsonTape tape, int container)
    {
        Span<int> keys = stackalloc int[FewKeys];
        var count = 0;
        var scratchSize = 0;
        for (var key = container + 1; key < tape[container].Next; key = tape[key + 1].Next)
        {
            keys[count++] = key;
            scratchSize = tape[key].HasEscapes ? Math.Max(scratchSize, tape[key].Length) : scratchSize;
        }

        using var scratch = new Scratch(scratchSize);
        for (var i = 1; i < count; i++)
        {
            var name = Plain(Raw(json, tape, keys[i]), tape[keys[i]].HasEscapes, scratch.First);
            for (var j = 0; j < i; j++)
            {
                if (name.SequenceEqual(Plain(Raw(json, tape, keys[j]), tape[keys[j]].HasEscapes, scratch.Second)))
                {
                    return keys[i];
                }
            }
        }

        return -1;
    }

    // Null when the names are too long to be folded side by side.
    private static int? FindFoldedOfFew(ReadOnlySpan<byte> json, JsonTape tape, int container)
    {
        Span<byte> names = stackalloc byte[FoldedRoom];
        Span<int> ends = stackalloc int[FewKeys];
        var (count, used) = (0, 0);
        for (var key = container + 1; key < tape[container].Next; key = tape[key + 1].Next)
        {
            if (MaxFolded(tape[key].Length) > names.Length - used)
            {
                return null;
            }

            var name = Fold(Raw(json, tape, key), tape[key].HasEscapes, names[used..]);
            for (var (i, start) = (0, 0); i < count; start = ends[i++])
            {
                if (name.SequenceEqual(names[start..ends[i]]))
                {
                    return key;
                }
            }

            used += name.Length;
            ends[count++] = used;
        }

        return -1;
    }

    // Open addressing over pooled slots; HashCode is seeded per process, so the sender cannot aim for collisions.
    private static int FindOfMany(ReadOnlySpan<byte> json, JsonTape tape, int container, int count, bool folded)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)count * 2);
        var longest = 0;
        for (var key = container + 1; key < tape[container].Next; key = tape[key + 1].Next)
        {
            longest = Math.Max(longest, tape[key].Length);
        }

        var slots = ArrayPool<int>.Shared.Rent(size);
        slots.AsSpan(0, size).Clear();
        using var scratch = new Scratch(folded ? MaxFolded(longest) : longest);
        try
        {
            for (var key = container + 1; key < tape[container].Next; key = tape[key + 1].Next)
            {
                var name = Canonical(json, tape, key, folded, scratch.First);
                var hash = default(HashCode);
                hash.AddBytes(name);
                for (var slot = hash.ToHashCode() & (size - 1); ; slot = (slot + 1) & (size - 1))
                {
                    if (slots[slot] == 0)
                    {
                        slots[slot] = key;
                        break;
                    }

                    if (name.SequenceEqual(Canonical(json, tape, slots[slot], folded, scratch.Second)))
                    {
                        return key;
                    }
                }
            }

            return -1;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(slots);
        }
    }

    private static ReadOnlySpan<byte> Canonical(ReadOnlySpan<byte> json, JsonTape tape, int key, bool folded, Span<byte> scratch) => folded
        ? Fold(Raw(json, tape, key), tape[key].HasEscapes, scratch)
        : Plain(Raw(json, tape, key), tape[key].HasEscapes, scratch);

    private static ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> json, JsonTape tape, int key) => json.Slice(tape[key].Start, tape[key].Length);

    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> raw, bool hasEscapes, Span<byte> scratch) =>
        hasEscapes ? scratch[..JsonEscapes.Unescape(raw, scratch)] : raw;

    private readonly ref struct Scratch(int size) : IDisposable
    {
        private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(size * 2);

        public Span<byte> First => _buffer.AsSpan(0, size);

        public Span<byte> Second => _buffer.AsSpan(size, size);

        public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
    }
}
