using System.Buffers;

namespace LlmGuard.Scanning.Keywords;

/// <summary>What bytes are read as when keywords are compared: with or without regard to case, and with digits and signs for letters.</summary>
internal static class LeetLetters
{
    private const string Pairs = "0o1i!i|ili2z3e4a@a5s$s6g7t+t8b9g";

    /// <summary>Every byte as it is.</summary>
    public static readonly byte[] Exact = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];

    /// <summary>ASCII letters in lower case.</summary>
    public static readonly byte[] AnyCase = [.. Enumerable.Range(0, 256).Select(b => (byte)(AsciiByte.IsUpper(b) ? b | 0x20 : b))];

    /// <summary>Also what stands for a letter as that letter; <c>l</c> as <c>i</c>, which share their digit.</summary>
    public static readonly byte[] AsLetters = Build();

    /// <summary>Bytes that stand for a letter and are none.</summary>
    public static readonly SearchValues<byte> Disguises = SearchValues.Create(
    [
        .. Enumerable.Range(0, 256)
            .Where(b => !AsciiByte.IsLetter(b) && AsciiByte.IsLetter(AsLetters[b]))
            .Select(b => (byte)b),
    ]);

    /// <summary>Whether a letter and something that stands for one are next to each other.</summary>
    public static bool IsMixed(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if ((Disguises.Contains(text[i]) && AsciiByte.IsLetter(text[i - 1])) || (Disguises.Contains(text[i - 1]) && AsciiByte.IsLetter(text[i])))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Build()
    {
        var map = (byte[])AnyCase.Clone();
        for (var i = 0; i < Pairs.Length; i += 2)
        {
            map[Pairs[i]] = (byte)Pairs[i + 1];
        }

        map['L'] = (byte)'i';
        return map;
    }
}
