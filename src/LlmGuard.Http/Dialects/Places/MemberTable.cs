using System.Collections.Frozen;
using System.Numerics;
using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>
/// The members a dialect documents for an object: nearly always spelled as documented, else matched folded, as lenient servers match them.
/// </summary>
internal sealed class MemberTable
{
    private const int LongestName = 64;

    private readonly (byte[] Name, Place Place)[] _slots;
    private readonly FrozenDictionary<string, Place>.AlternateLookup<ReadOnlySpan<char>> _folded;

    public MemberTable((string Name, Place Place)[] members)
    {
        _folded = members.ToFrozenDictionary(m => Folded(m.Name), m => m.Place, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        // At least one slot in four stays free, which ends every search.
        _slots = new (byte[], Place)[(int)BitOperations.RoundUpToPowerOf2((uint)(members.Length * 4 / 3) + 1)];
        foreach (var (name, place) in members)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            var slot = SlotOf(bytes);
            while (_slots[slot].Name is not null)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = (bytes, place);
        }
    }

    /// <summary>The place of a member whose name is spelled exactly as documented, or null.</summary>
    public Place? Exact(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return null;
        }

        for (var slot = SlotOf(name); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            ref readonly var found = ref _slots[slot];
            if (found.Name is null || name.SequenceEqual(found.Name))
            {
                return found.Place;
            }
        }
    }

    /// <summary>The place of a member whose name folds to a documented one, or null.</summary>
    public Place? Lenient(ReadOnlySpan<byte> raw, bool hasEscapes)
    {
        if (raw.Length > LongestName)
        {
            // Long only through its escapes; the names of dialects are short.
            return hasEscapes ? Lookup(JsonKeys.Fold(raw, hasEscapes, new byte[JsonKeys.MaxFolded(raw.Length)])) : null;
        }

        Span<byte> scratch = stackalloc byte[2 * LongestName];
        return Lookup(JsonKeys.Fold(raw, hasEscapes, scratch));
    }

    private int SlotOf(ReadOnlySpan<byte> name) =>
        ((name[0] * 31) + (name[^1] * 7) + (name[name.Length / 2] * 3) + name.Length) & (_slots.Length - 1);

    private Place? Lookup(ReadOnlySpan<byte> folded)
    {
        Span<char> name = stackalloc char[2 * LongestName];
        return folded.Length <= name.Length && Encoding.UTF8.TryGetChars(folded, name, out var length)
            && _folded.TryGetValue(name[..length], out var place)
            ? place
            : null;
    }

    private static string Folded(string name)
    {
        Span<byte> scratch = stackalloc byte[JsonKeys.MaxFolded(name.Length)];
        return Encoding.UTF8.GetString(JsonKeys.Fold(Encoding.UTF8.GetBytes(name), hasEscapes: false, scratch));
    }
}
