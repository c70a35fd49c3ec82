using System.Text;
using LlmGuard.Scanning.Entities.Labelled;

namespace LlmGuard.Scanning.Entities.Phones;

/// <summary>Words for a telephone in scripts other than Latin, before a number.</summary>
internal static class ForeignPhoneLabels
{
    private const int Reach = 40;

    // Stems, in the cases in which people write them.
    private static readonly byte[][] Stems =
    [
        .. new[]
        {
            "елефон", "тел", "Тел", "моб", "Моб", "омер", "ηλ", "ινητ", "τηλ", "电话", "電話", "手机", "手機", "携帯", "座机", "전화", "휴대폰", "핸드폰", "연락처", "사무실",
                "نمبر", "هاتف", "جوال", "تلفن", "اتصل", "טלפון", "נייד",
            "ími:", "फोन", "टेलीफ़ोन", "नंबर", "मोबाइल", "โทร", "موبایل", "мобіль", "ĐT", "éléphone", "éfono", "él", "iện thoại", "óvil",
        }.SelectMany(DisguisedWords.With).Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Whether anything but ASCII stands shortly before an offset.</summary>
    public static bool MayPrecede(ReadOnlySpan<byte> text, int at) => text[Math.Max(0, at - Reach)..at].ContainsAnyInRange((byte)0x80, (byte)0xFF);

    /// <summary>Whether such a word stands shortly before an offset, on the same line.</summary>
    public static bool Precede(ref ScanText text, int at)
    {
        var before = text.Bytes[Math.Max(0, at - Reach)..at];
        before = before[(before.LastIndexOf((byte)'\n') + 1)..];
        if (before.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0)
        {
            return false;
        }

        foreach (var stem in Stems)
        {
            text.Steps++;
            if (before.IndexOf(stem) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
