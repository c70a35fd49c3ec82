using System.Buffers;
using System.Text;

namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>Names and what they mean, looked up by their bytes. Immutable.</summary>
/// <remarks>
/// Most names of a program are in no table. One bit tells so, of the length of a name and its ends without regard to case, before anything is copied
/// or hashed.
/// </remarks>
/// <typeparam name="T">What a name means.</typeparam>
internal sealed class NameTable<T>
{
    /// <summary>Longest name that is looked up.</summary>
    public const int Longest = 48;

    private const int FilterBits = 12;

    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)];
    private readonly Dictionary<string, T> _meanings;

    /// <summary>Makes a table.</summary>
    /// <param name="meanings">
    /// The names in ASCII and what they mean. Their comparer is the table's: of letters as they are, or without regard to case.
    /// </param>
    public NameTable(Dictionary<string, T> meanings)
    {
        _meanings = meanings;
        foreach (var name in meanings.Keys)
        {
            var bit = Bit((byte)name[0], (byte)name[^1], name.Length);
            _filter[bit >> 6] |= 1UL << (bit & 63);
        }
    }

    /// <summary>Finds a name.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out T? meaning)
    {
        if (!name.IsEmpty && name.Length <= Longest)
        {
            var bit = Bit(name[0], name[^1], name.Length);
            if ((_filter[bit >> 6] >> (bit & 63) & 1) != 0)
            {
                return TryLookUp(name, out meaning);
            }
        }

        meaning = default;
        return false;
    }

    private bool TryLookUp(ReadOnlySpan<byte> name, out T? meaning)
    {
        Span<char> chars = stackalloc char[Longest];
        meaning = default;
        return Ascii.ToUtf16(name, chars, out var count) == OperationStatus.Done
            && _meanings.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars[..count], out meaning);
    }

    private static int Bit(byte first, byte last, int length) =>
        (int)((((first | 0x20u) | ((last | 0x20u) << 8) | ((uint)length << 16)) * 0x9E3779B1u) >> (32 - FilterBits));
}

/// <summary>Names, looked up by their bytes. Immutable.</summary>
internal sealed class NameSet
{
    private readonly NameTable<bool> _table;

    /// <summary>Makes a set.</summary>
    public NameSet(IEnumerable<string> names, StringComparer comparer)
    {
        Names = [.. names.Distinct(comparer)];
        _table = new NameTable<bool>(Names.ToDictionary(name => name, _ => true, comparer));
    }

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether a name is one of them.</summary>
    public bool Contains(ReadOnlySpan<byte> name) => _table.TryFind(name, out _);
}
