using System.Text;
using LlmGuard.Plugins.InjectionProtection.Prompts;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>
/// Tells in one pass whether a text may have any of the marks and spellings that hardly any text has, so that most are not searched for each of them.
/// Says "perhaps" too often and "no" never wrongly.
/// </summary>
internal static class RareSigns
{
    private const int Length = NibbleTables.Places;

    private static readonly ByteFilter Filter = new([.. RoleMarkers.Signs.Concat(PlayfulSpelling.Signs).Select(Window)
        .DistinctBy(Convert.ToHexString).OrderBy(Convert.ToHexString, StringComparer.Ordinal).Select(Row), Between()]);

    /// <param name="text">The text, folded and in lower case.</param>
    public static bool MayStand(ReadOnlySpan<byte> text) => Filter.Next(text, 0) <= text.Length - Length;

    // The four bytes of a sign that are met least. Behind a shorter one there is always more of what it begins.
    private static byte[] Window(string sign)
    {
        var bytes = Encoding.ASCII.GetBytes(sign);
        return bytes.Length <= Length ? bytes : bytes.AsSpan(ByteRarity.RarestWindow(bytes, Length), Length).ToArray();
    }

    private static bool[][] Row(byte[] window) => [.. Enumerable.Range(0, Length).Select(place =>
        Enumerable.Range(0, 256).Select(b => place >= window.Length || window[place] == b).ToArray())];

    // The first of two signs between letters has the second behind it.
    private static bool[][] Between()
    {
        bool[] letters = [.. Enumerable.Range(0, 256).Select(b => AsciiByte.IsLower(b))];
        bool[] signs = [.. Enumerable.Range(0, 256).Select(b => PlayfulSpelling.LetterSigns.Contains((byte)b))];
        return [letters, signs, letters, [.. Enumerable.Repeat(true, 256)]];
    }
}
