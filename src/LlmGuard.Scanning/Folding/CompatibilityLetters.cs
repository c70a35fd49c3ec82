namespace LlmGuard.Scanning.Folding;

/// <summary>Code points that are a plainer character with a mark, a stroke or another shape, block by block.</summary>
/// <remarks>
/// From the Unicode Character Database 14: the compatibility decomposition (NFKD) without its marks; where there is none, the letter that the
/// character's name is built on (<c>LATIN SMALL LETTER O WITH STROKE</c>, <c>LATIN LETTER SMALL CAPITAL N</c>). A row holds the replacements of
/// consecutive code points; a middle dot stands for "none".
/// </remarks>
internal static class CompatibilityLetters
{
    private const char None = '·';

    private static readonly (int First, string Row)[] Rows =
    [
        // Latin-1 Supplement, Latin Extended-A and -B
        (0x00A0, "··········a·······23·μ···1o·····aaaaaa·ceeeeiiii·nooooo·ouuuuy··"),
        (0x00E0, "aaaaaa·ceeeeiiii·nooooo·ouuuuy·yaaaaaaccccccccddddeeeeeeeeeegggg"),
        (0x0120, "gggghhhhiiiiiiiiii··jjkk·llllll··llnnnnnn···oooooo··rrrrrrssssss"),
        (0x0160, "ssttttttuuuuuuuuuuuuwwyyyzzzzzzsbbbb···cc·ddd····ffg···ikkl··nno"),
        (0x01A0, "oo··pp·····ttttuu·vyyzz······················aaiioouuuuuuuuuu·aa"),
        (0x01E0, "aaææggggkkooooʒʒj···gg··nnaaææøøaaaaeeeeiiiioooorrrruuuusstt··hh"),
        (0x0220, "nd··zzaaeeooooooooyylntj··accltsz··b··eejj·qrryy"),
        // IPA Extensions
        (0x0250, "···bocdd···e···jggg···h·i·illl···mnnn·······rrr·r·s·j···t··v···y"),
        (0x0290, "zz·······b·ghj·lq···············"),
        // Spacing Modifier Letters
        (0x02B0, "hɦjrɹɻʁwy·······································ɣlsxʕ···········"),
        // Greek and Coptic
        (0x0370, "····ʹ·········;·······Α·ΕΗΙ·Ο·ΥΩι·························ΙΥαεηι"),
        (0x03B0, "υ·························ιυουω·βθΥΥΥφπ·························"),
        (0x03F0, "κρς·Θε···Σ······"),
        // Cyrillic
        (0x0400, "ее·г···і····киу··········и·······························и······"),
        (0x0440, "················ее·г···і····киу·······················ѵѵ········"),
        (0x04C0, "·жж·············аааа··ее··әәжжзз··ииииоо··өөээуууууучч··ыы······"),
        // Phonetic Extensions
        (0x1D00, "a···cd·e··jklm·o········p··tu···vwz·········aæb·deǝghijklmn·oȣpr"),
        (0x1D40, "tuwaɐɑᴂbdeəɛɜg·kmŋoɔᴖᴗptuᴝɯvᴥβγδφχiruvβγρφχ·bdfmnprrstz·н··i·pu·"),
        (0x1D80, "bdfgklmnprs·vxza·dee··io·u·ɒcɕðɜfɟɡɥɨɩɪᵻʝɭᶅʟɱɰɲɳɴɵɸʂʃƫʉʊᴜʋʌzʐʑʒθ"),
        // Latin Extended Additional
        (0x1E00, "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"),
        (0x1E40, "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"),
        (0x1E80, "wwwwwwwwwwxxxxyyzzzzzzhtwy·sss··aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"),
        (0x1EC0, "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy····yy"),
        // Greek Extended
        (0x1F00, "ααααααααΑΑΑΑΑΑΑΑεεεεεε··ΕΕΕΕΕΕ··ηηηηηηηηΗΗΗΗΗΗΗΗιιιιιιιιΙΙΙΙΙΙΙΙ"),
        (0x1F40, "οοοοοο··ΟΟΟΟΟΟ··υυυυυυυυ·Υ·Υ·Υ·ΥωωωωωωωωΩΩΩΩΩΩΩΩααεεηηιιοουυωω··"),
        (0x1F80, "ααααααααΑΑΑΑΑΑΑΑηηηηηηηηΗΗΗΗΗΗΗΗωωωωωωωωΩΩΩΩΩΩΩΩααααα·ααΑΑΑΑΑ·ι·"),
        (0x1FC0, "··ηηη·ηηΕΕΗΗΗ···ιιιι··ιιΙΙΙΙ····υυυυρρυυΥΥΥΥΡ··`··ωωω·ωωΟΟΩΩΩ···"),
        // Superscripts and Subscripts
        (0x2070, "0i··456789+−=()n0123456789+−=()·aeoxəhklmnpst···"),
        // Letterlike Symbols
        (0x2100, "··c····ɛ··ghhhhħiill·n···pqrrr······z·Ω·z·kabc·eef·moאבגדi··πγΓΠ"),
        (0x2140, "∑····ddeij······"),
        // Latin Extended-C
        (0x2C60, "lllprathhkkzz·m··vwwv···e·o·jvsz"),
        // Latin Extended-D
        (0xA720, "················fs··············kkkkkk··lloooo··ppppppqqqqrr··vv"),
        (0xA760, "················ꝯ·····························l·nnccchbbff······"),
        (0xA7A0, "ggkknnrrssh··l·q··j·····uu··········cszddss·····················"),
        (0xA7E0, "··················cfq···ħœ······"),
        // Latin Extended-E
        (0xAB30, "····e·glllmn···o······r··r·rr·u···u···xxxxy·ꜧꬷɫꭒ·········ʍ······"),
        // Small Form Variants
        (0xFE50, ",、.·;:?!—(){}〔〕#&*+-<>=·\\$%@····"),
        // Halfwidth punctuation and katakana
        (0xFF61, "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン··"),
    ];

    /// <summary>The plainer character, or 0 when there is none.</summary>
    public static int Find(int codePoint)
    {
        foreach (var (first, row) in Rows)
        {
            if (codePoint >= first && codePoint - first < row.Length)
            {
                return row[codePoint - first] == None ? 0 : row[codePoint - first];
            }
        }

        return 0;
    }
}
