using System.Buffers;
using System.Text;

namespace LlmGuard.Masking;

/// <summary>
/// The form of a placeholder: <c>[EMAIL_</c>, 16 letters that stand for 64 bits, <c>]</c>. Letters only, and no vowels: digits would look like
/// numbers of all kinds, and words would mean something.
/// </summary>
internal static class Placeholder
{
    /// <summary>Bytes the letters stand for.</summary>
    public const int TagBytes = 8;

    private const int Letters = 2 * TagBytes;

    /// <summary>Longest placeholder, in bytes: brackets, type, underscore, letters.</summary>
    public const int MaxLength = Replacement.MaxTypeLength + Letters + 3;

    private const string Alphabet = "BCDFGHJKLMNPRSTV";

    private static readonly SearchValues<byte> AlphabetBytes = SearchValues.Create(Encoding.ASCII.GetBytes(Alphabet));
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    public static string Format(string type, ReadOnlySpan<byte> tag)
    {
        Span<char> letters = stackalloc char[Letters];
        for (var i = 0; i < TagBytes; i++)
        {
            letters[2 * i] = Alphabet[tag[i] >> 4];
            letters[(2 * i) + 1] = Alphabet[tag[i] & 15];
        }

        return $"[{type}_{letters}]";
    }

    /// <summary>Reads what begins with an opening bracket.</summary>
    /// <param name="text">The text from the bracket on.</param>
    /// <param name="length">The placeholder's length, if it is one.</param>
    /// <returns>True when it is one, false when it is not, null when the text ends before that is known.</returns>
    public static bool? Read(ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        var end = text[1..].IndexOfAnyExcept(NameBytes) + 1;
        if (end == 0)
        {
            return text.Length < MaxLength ? null : false;
        }

        var letters = end - Letters;
        if (text[end] != ']' || end >= MaxLength || letters < 3 || text[letters - 1] != '_' || !char.IsAsciiLetter((char)text[1])
            || text[letters..end].ContainsAnyExcept(AlphabetBytes))
        {
            return false;
        }

        length = end + 1;
        return true;
    }

    /// <summary>The next placeholder of a text that is there as a whole.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="found">Where it stands.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int from, out TextSpan found)
    {
        while (text[from..].IndexOf((byte)'[') is >= 0 and var skipped)
        {
            from += skipped;
            if (Read(text[from..], out var length) == true)
            {
                found = new TextSpan(from, length);
                return true;
            }

            from++;
        }

        found = default;
        return false;
    }
}
