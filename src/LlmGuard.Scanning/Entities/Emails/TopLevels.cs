using System.Text;
using LlmGuard.Scanning.Entities.Numbers;

namespace LlmGuard.Scanning.Entities.Emails;

/// <summary>Top levels of domains: those of other scripts, and those by which an address is known that is not written as one.</summary>
internal static class TopLevels
{
    private const int Longest = 7;

    // Some of these scripts have no spaces, so that only the name tells where the address ends.
    private static readonly byte[][] Foreign =
    [
        .. ("中国 中國 广告 廣告 香港 台湾 台灣 澳门 澳門 新加坡 公司 网络 網絡 网址 集团 在线 商城 商店 公益 政务 机构 中文网 中信 手机 世界 游戏 移动 网站 我爱你 "
            + "みんな コム クラウド ストア セール ファッション ポイント グーグル 世界 한국 닷컴 닷넷 삼성 ไทย คอม "
            + "рф рус бел укр мкд мон срб қаз бг ею дети онлайн сайт орг москва ком католик ευ ελ հայ გე ישראל קום "
            + "مصر السعودية امارات الاردن الجزائر المغرب تونس سوريا فلسطين قطر عمان عراق ايران پاکستان بھارت شبكة موقع بازار كوم "
            + "भारत भारतम् कॉम नेट संगठन বাংলা ভারত ਭਾਰਤ ભારત இந்தியா இலங்கை சிங்கப்பூர் భారత్ ලංකා ລາວ "
            + "テスト 测试 測試 테스트 испытание δοκιμή परीक्षा")
            .Split(' ').Distinct().OrderByDescending(static name => name.Length).Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Common =
    [
        .. "com net org edu gov mil int info biz name pro mobi email online shop site store tech cloud dev app xyz example test"
            .Split(' ').Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>The bytes of the longest top level in another script at an offset, or 0.</summary>
    public static int ForeignLengthAt(ref ScanText text, int at)
    {
        foreach (var name in Foreign)
        {
            if (text.Follows(at, name))
            {
                return name.Length;
            }
        }

        return 0;
    }

    /// <summary>Whether it is one of those that most addresses have: of a country, or general and old or often seen.</summary>
    public static bool IsCommon(ref ScanText text, int start, int end)
    {
        if (end - start == 2)
        {
            return Countries.Contains(text[start] & ~0x20, text[start + 1] & ~0x20) || text.Follows(start, "uk"u8);
        }

        if (end - start > Longest || text[start] >= 0x80)
        {
            return text[start] >= 0x80;
        }

        foreach (var name in Common)
        {
            if (name.Length == end - start && text.Follows(start, name))
            {
                return true;
            }
        }

        return false;
    }
}
