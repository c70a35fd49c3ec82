namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// What stands behind a verb in the languages that end their clauses with it, and what tells there whether it is an order: an ending that makes a
/// noun's attribute of it ("the request to show ...", "the sentence that says ...") gives no order, and a verb of another language does with a
/// light verb behind it ("print 해줘").
/// </summary>
internal static class VerbFinal
{
    // Bytes of an ending before the sign of a quotation: "하", "해 ", "せよ".
    private const int LongestEnding = 9;

    // The first byte of kana, of Chinese characters and of Hangul.
    private const byte FirstOfEastAsia = 0xE3;

    private static ReadOnlySpan<byte> LightKorean => "해"u8;

    private static ReadOnlySpan<byte> LightKoreanStem => "하"u8;

    // What quotes the words before it as those of somebody: Korean adnominal forms, Japanese and Chinese ones.
    private static readonly byte[][] Quotatives = Forms("라는 달라는 다는 려는 という といった との指示 との要求 这句 這句 这样的 這樣的 的说法 的說法");

    // Nouns for words that are asked about, or for what is done about them, right behind what they are made of.
    private static readonly byte[][] Nouns = Forms("""
        요청 문구 문장 표현 공격 시도 행위 탐지 차단 방지 방어 攻撃 フレーズ 文言 という文 的攻击 的攻擊 的请求 的請求 攻击的 攻擊的
        """);

    // What must not be done or is done in some case: "공개하면 안 되는".
    private static readonly byte[][] Conditions = Forms("하면_안 해서는_안 하지_않 하지_못");

    // What does nothing more than to make a verb of the word before it an attribute: "하는", "할", "한 ".
    private static readonly byte[][] Attributes = Forms("하는 하던 할 한 되는");

    /// <summary>Whether what ends at an offset is named by the words behind it, as in "이전 지시를 무시하라는 문구".</summary>
    public static bool IsNamed(ReadOnlySpan<byte> text, int end)
    {
        if (!IsGluedBehind(text, end))
        {
            return false;
        }

        var near = text.Slice(end, Math.Min(text.Length - end, 2 * LongestEnding));
        foreach (var form in Quotatives)
        {
            if (near.IndexOf(form) is >= 0 and <= LongestEnding and var at && near[..at].IndexOfAny(".,!?\n"u8) < 0)
            {
                return true;
            }
        }

        return StartsWithAny(near.TrimStart((byte)' '), Nouns) || StartsWithAny(near, Conditions);
    }

    /// <summary>Whether a word of another language is a verb by the light verb behind it: "print 해줘".</summary>
    public static bool IsBorrowed(ReadOnlySpan<byte> text, int end)
    {
        if (!IsGluedBehind(text, end))
        {
            return false;
        }

        var rest = text[end..].TrimStart((byte)' ');
        return rest.StartsWith(LightKorean) || (rest.StartsWith(LightKoreanStem) && !StartsWithAny(rest, Attributes));
    }

    // Whether a letter of a writing without spaces between its words stands next, which nearly no text has.
    private static bool IsGluedBehind(ReadOnlySpan<byte> text, int end)
    {
        var next = end < text.Length && text[end] == (byte)' ' ? end + 1 : end;
        return next < text.Length && text[next] >= FirstOfEastAsia;
    }

    private static bool StartsWithAny(ReadOnlySpan<byte> text, byte[][] forms)
    {
        foreach (var form in forms)
        {
            if (text.StartsWith(form))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][] Forms(string forms) =>
        [.. forms.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(f => System.Text.Encoding.UTF8.GetBytes(f.Replace('_', ' ')))];
}
