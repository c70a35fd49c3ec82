using System.Collections.Frozen;

namespace LlmGuard.Scanning.Folding;

/// <summary>Letters of other scripts that readers and models take for a Latin letter, and punctuation that stands for an ASCII character.</summary>
/// <remarks>
/// Written by hand after Unicode Technical Standard 39. Capitals are listed apart from small letters where they look like another letter, as
/// Greek capital and small nu do.
/// </remarks>
internal static class Confusables
{
    private static readonly FrozenDictionary<int, char> Table = Build(
        // Latin letters that are variants of a plainer one.
        "ɑa ɐa ɒa ɩi ɪi ıi ȷj ʟl ɢg ʀr ɴn ʙb ʜh ʏy ƒf ſs ƿp øo łl đd ħh ŧt ƅb ƶz ɛe ɜe əe ǝe ʋv ʌv ɯw ʍw ʝj ɡg ƨs ꜱs ꞵb ꞷw ꭓx ʗc",
        // Cyrillic; a capital that is not listed follows its small letter.
        "аa вb еe кk мm нh оo рp сc тt уy хx іi їi јj ѕs ґг ԁd ԛq ԝw һh ӏl Ӏl ԍg ѵv ѡw ѐe ёe ґг ҡk қk ӄk ҝk ңh ҥh ҫc ҭt үy ұy ҳx ҽe ҿe ӕа өo ѳo",
        // Greek
        "Αa Βb Εe Ζz Ηh Ιi Κk Μm Νn Οo Ρp Τt Υy Χx αa βb γy εe ζz ηn ιi κk μu νv οo ρp σo ςc τt υu χx ωw ϲc ϳj ϱp ϵe ϐb ϰk Ϲc",
        // Armenian
        "աw գq եt զq հh յj նu ոn ռn սu ցg օo ֆf Օo Տs Սu",
        // Cherokee and Lisu capitals
        "Ꭰd Ꭱr Ꭲt Ꭺa Ꭻj Ꭼe Ꮃw Ꮇm Ꮋh Ꮍy Ꮐg Ꮓz Ꮟb Ꮢr Ꮥs Ꮩv Ꮪs Ꮮl Ꮯc Ꮲp Ꮶk Ᏼb ꓐb ꓑp ꓒd ꓓd ꓔt ꓖg ꓗk ꓙj ꓚc ꓛc ꓜz ꓝf ꓞf ꓟm ꓠn ꓡl ꓢs ꓣr ꓦv ꓧh ꓪw ꓫx ꓬy "
        + "ꓮa ꓰe ꓲi ꓳo ꓴu",
        // Punctuation
        "‐- ‑- ‒- –- —- ―- −- ﹘- ⁃- ‘' ’' ‚' ‛' ′' ʼ' ʹ' ＇' “\" ”\" „\" ‟\" ″\" ⁄/ ∕/ ․. 。. ｡. ·. ‧. ∶: ꞉: ‹< ›> ∗* ⁎* ˜~ ∼~ ⁓~ ∣| ǀ|");

    /// <summary>The character it is taken for, or 0 when there is none.</summary>
    public static int Find(int codePoint) => Table.GetValueOrDefault(codePoint);

    private static FrozenDictionary<int, char> Build(params ReadOnlySpan<string> groups)
    {
        var table = new Dictionary<int, char>();
        foreach (var group in groups)
        {
            foreach (var pair in group.Split(' '))
            {
                table[pair[0]] = pair[1];
            }
        }

        return table.ToFrozenDictionary();
    }
}
