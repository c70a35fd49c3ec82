using System.Collections.Frozen;
using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>An object whose members are known. Names match folded, as lenient servers match them.</summary>
/// <param name="members">Places by name as documented.</param>
/// <param name="enter">Derives the members' context, or null.</param>
/// <param name="rest">The place of all other members; unknown by default.</param>
internal sealed class ObjectPlace((string Name, Place Place)[] members, ContextOf? enter, Place? rest) : Place
{
    private const int LongestName = 64;

    private static readonly UnknownPlace Unknown = new();

    private readonly FrozenDictionary<string, Place>.AlternateLookup<ReadOnlySpan<char>> _members = members
        .ToFrozenDictionary(m => Folded(m.Name), m => m.Place, StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.Object)
        {
            walk.Unknown(token, context);
            return;
        }

        if (JsonKeys.HasDuplicate(walk.Json, walk.Tape, token, folded: true))
        {
            walk.Fail(JsonLocateStatus.Ambiguous);
            return;
        }

        var inner = enter is null ? context : enter(walk, token, context);
        for (var key = token + 1; key < walk.Tape[token].Next && !walk.HasFailed; key = walk.Tape[key + 1].Next)
        {
            if (Known(walk, key) is { } place)
            {
                place.Visit(walk, key + 1, inner);
            }
            else
            {
                walk.Key(key, inner);
                (rest ?? Unknown).Visit(walk, key + 1, inner);
            }
        }
    }

    private Place? Known(JsonWalk walk, int key)
    {
        if (walk.Tape[key].Length > LongestName)
        {
            // Long only through its escapes; the names of dialects are short.
            return walk.Tape[key].HasEscapes ? KnownLong(walk, key) : null;
        }

        Span<byte> scratch = stackalloc byte[2 * LongestName];
        return Lookup(JsonKeys.Fold(walk.Raw(key), walk.Tape[key].HasEscapes, scratch));
    }

    private Place? KnownLong(JsonWalk walk, int key) => Lookup(JsonKeys.Fold(
        walk.Raw(key), hasEscapes: true, new byte[JsonKeys.MaxFolded(walk.Tape[key].Length)]));

    private Place? Lookup(ReadOnlySpan<byte> folded)
    {
        Span<char> name = stackalloc char[2 * LongestName];
        return folded.Length <= name.Length && Encoding.UTF8.TryGetChars(folded, name, out var length) && _members.TryGetValue(name[..length], out var place)
            ? place
            : null;
    }

    private static string Folded(string name)
    {
        Span<byte> scratch = stackalloc byte[JsonKeys.MaxFolded(name.Length)];
        return Encoding.UTF8.GetString(JsonKeys.Fold(Encoding.UTF8.GetBytes(name), hasEscapes: false, scratch));
    }
}
