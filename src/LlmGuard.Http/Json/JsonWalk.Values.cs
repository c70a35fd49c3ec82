using System.Buffers.Text;
using System.Text;

namespace LlmGuard.Http.Json;

/// <content>What values say and where members stand: read by dialects, adding nothing.</content>
internal sealed partial class JsonWalk
{
    // Room for the longest names and words of the dialects, with every letter escaped.
    private const int LongestName = 384;

    public ReadOnlySpan<byte> Raw(int token) => Json.Slice(Tape[token].Start, Tape[token].Length);

    /// <summary>The value of a member by its folded name, or -1.</summary>
    public int Find(int token, ReadOnlySpan<byte> foldedName)
    {
        // Asked for once: there are as many names to look at as an object has, for each that a dialect knows.
        var tokens = Tape;
        var text = Json;
        if (token < 0 || tokens[token].Kind != JsonTokenKind.Object)
        {
            return -1;
        }

        for (var (key, end) = (token + 1, tokens[token].Next); key < end; key = tokens[key + 1].Next)
        {
            // Folding never lengthens what becomes ASCII, so a shorter name cannot be the one.
            var name = tokens[key];
            if (name.Length >= foldedName.Length
                && name.Length <= LongestName
                && MayBegin(text[name.Start], foldedName[0])
                && JsonKeys.FoldsTo(text.Slice(name.Start, name.Length), name.HasEscapes, foldedName))
            {
                return key + 1;
            }
        }

        return -1;
    }

    /// <summary>The value of a member of a member by their folded names, or -1.</summary>
    public int FindPath(int token, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var found = Find(token, first);
        return found < 0 ? -1 : Find(found, second);
    }

    /// <summary>Number of items of an array; 0 for anything else.</summary>
    public int CountOf(int token)
    {
        var count = 0;
        if (token >= 0 && Tape[token].Kind == JsonTokenKind.Array)
        {
            for (var child = token + 1; child < Tape[token].Next; child = Tape[child].Next)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Whether a member is there and not null.</summary>
    public bool IsPresent(int token) => token >= 0 && Tape[token].Kind != JsonTokenKind.Null;

    /// <summary>The text of a string, or null for any other value.</summary>
    public string? String(int token) => token < 0 || Tape[token].Kind != JsonTokenKind.String ? null : Encoding.UTF8.GetString(Unescape(token).Span);

    /// <summary>Whether the token is a string with exactly this text.</summary>
    public bool Is(int token, ReadOnlySpan<byte> text)
    {
        if (token < 0 || Tape[token].Kind != JsonTokenKind.String)
        {
            return false;
        }

        return Tape[token].HasEscapes ? IsUnescaped(token, text) : Raw(token).SequenceEqual(text);
    }

    public bool IsTrue(int token) => token >= 0 && Tape[token].Kind == JsonTokenKind.True;

    /// <summary>The value of a number that is a whole one, or null for anything else.</summary>
    public long? Integer(int token) =>
        token >= 0 && Tape[token].Kind == JsonTokenKind.Number
            && Utf8Parser.TryParse(Raw(token), out long value, out var used) && used == Tape[token].Length
            ? value
            : null;

    public bool IsEmptyString(int token) => token >= 0 && Tape[token].Kind == JsonTokenKind.String && Tape[token].Length == 0;

    private bool IsUnescaped(int token, ReadOnlySpan<byte> text)
    {
        Span<byte> scratch = stackalloc byte[LongestName];
        return Tape[token].Length <= LongestName && scratch[..JsonEscapes.Unescape(Raw(token), scratch)].SequenceEqual(text);
    }

    // A letter folds to itself in lower case whatever follows; what is none may be left out or stand for another.
    private static bool MayBegin(byte letter, byte folded) => (uint)((letter | 0x20) - 'a') > 'z' - 'a' || (letter | 0x20) == folded;
}
