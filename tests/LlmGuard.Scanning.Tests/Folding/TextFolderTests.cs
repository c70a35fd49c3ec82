using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Tests.Folding;

public sealed class TextFolderTests
{
    [TestCase("", "")]
    [TestCase("Plain ASCII, 42!\n", "plain ascii, 42!\n")]
    [TestCase("Ｆｕｌｌ　ｗｉｄｔｈ＠１２", "full width@12")]
    [TestCase("𝐁𝑜𝒎𝖇 𝟘𝟗 𝙕", "bomb 09 z")]
    [TestCase("ⓑⓞⓂⓑ ①⑩⓿ ²₃ ªº ⒝", "bomb 1100 23 ao b")]
    [TestCase("🄱🅾🅼🅱 🇺🇸", "bomb us")]
    [TestCase("ﬁ ﬄ ﬆ Æ œ ß ẞ Ⅷ ½ …", "fi ffl st ae oe ss ss viii 1/2 ...")]
    [TestCase("Élan Ångström ñandú Đorđe Łódź Ø", "elan angstrom nandu dorde lodz o")]
    [TestCase("e\u0301\u0302 a\u030A", "e a")]
    [TestCase("bо\u200Bm\u00ADb\uFEFF\u202E\uFE0F", "bomb")]
    [TestCase("ВОМВ раураl ӀР", "bomb paypal lp")]
    [TestCase("Αlρhα Νιν", "alpha niv")]
    [TestCase("ɢɪᴛʜᴜʙ ᴀᴅᴍɪɴ", "github admin")]
    [TestCase("٤٢ ४२ ４２", "42 42 42")]
    [TestCase("a\u00A0b\u2003c\u2028d", "a b c d")]
    [TestCase("a\u2800b\U0001D159c", "a b c")]
    [TestCase("1–2—3−4 ‘x’ “y”", "1-2-3-4 'x' \"y\"")]
    [TestCase("ЖИЗНЬ Ёлка", "жизhь eлka")]
    [TestCase("日本語 ｶﾀ 한국어 שלום", "日本語 カタ 한국어 שלום")]
    [TestCase("a\u0001b\u007Fc\u0085d", "abc\u0085d")]
    [TestCase("İstanbul ıſK", "istanbul isk")]
    public void Fold_Text_IsPlain(string text, string expected) => Assert.That(TextFolder.Fold(text), Is.EqualTo(expected));

    [Test]
    public void Fold_TagCharacters_AreReadBothWays()
    {
        var hidden = "ok" + string.Concat("BoMb".Select(c => char.ConvertFromUtf32(0xE0000 + c)));
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(hidden), folded);
        Assert.That(Encoding.UTF8.GetString(folded.Utf8), Is.EqualTo("ok"));
        Assert.That(folded.HasTags, Is.True);
        TextFolder.Fold(Encoding.UTF8.GetBytes(hidden), folded, TagReading.AsText);
        Assert.That(Encoding.UTF8.GetString(folded.Utf8), Is.EqualTo("okbomb"));
        Assert.That(folded.ToOriginal(2, 4), Is.EqualTo((2, 16)));
    }

    [Test]
    public void Fold_Fillers_AreReadBothWays([Values("\u3164", "\uFFA0", "\u115F", "\u1160")] string filler)
    {
        var utf8 = Encoding.UTF8.GetBytes($"not{filler}here");
        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded);
        Assert.That(Encoding.UTF8.GetString(folded.Utf8), Is.EqualTo("nothere"));
        TextFolder.Fold(utf8, folded, TagReading.AsText);
        Assert.That(Encoding.UTF8.GetString(folded.Utf8), Is.EqualTo("not here"));
        Assert.That(folded.ToOriginal(3, 1), Is.EqualTo((3, 3)));
        Assert.That(folded.ToOriginal(4, 4), Is.EqualTo((6, 4)));
    }

    [Test]
    public void MayHide_EveryCharacter_IsSaidOfThoseThatTheReadingsDifferIn() => Assert.Multiple(() =>
    {
        using var plain = FoldedText.Rent();
        using var hidden = FoldedText.Rent();
        for (var c = 0x80; c <= 0x10FFFF; c = c == 0xD7FF ? 0xE000 : c + 1)
        {
            var utf8 = Encoding.UTF8.GetBytes($"a{char.ConvertFromUtf32(c)}b");
            TextFolder.Fold(utf8, plain);
            TextFolder.Fold(utf8, hidden, TagReading.AsText);
            if (!plain.Utf8.SequenceEqual(hidden.Utf8) && !FoldTable.MayHide(utf8))
            {
                Assert.Fail($"U+{c:X4}");
            }
        }

        Assert.That(FoldTable.MayHide("“plain” – 日本語"u8), Is.False);
    });
}
