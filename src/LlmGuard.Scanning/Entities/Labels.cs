using System.Text;

namespace LlmGuard.Scanning.Entities;

/// <summary>Words before a bare number that say what it is.</summary>
internal static class Labels
{
    /// <summary>How far before a number its label may stand, in bytes.</summary>
    public const int Reach = 40;

    /// <summary>Words that announce a US social security number.</summary>
    public static readonly LabelWords SocialSecurity = new("ssn", "social security", "soc sec", "social sec");

    /// <summary>Words that announce a telephone number.</summary>
    public static readonly LabelWords Telephone = new(
        "phone*", "phone#", "tel", "telephone*", "telefon*", "telefax*", "mobile*", "mobil", "movil*", "cell*", "celular*", "cel", "fax*", "call", "calling", "whatsapp*", "contact*", "dial*", "sms", "text me", "ph:", "ph.", "handy*",
        "answering at", "reach", "ring me", "hotline*", "helpline*", "landline*", "rufnummer*", "mob", "ligue", "llama*", "llame", "appelez", "viber", "signal:", "gsm", "puhelin*", "chiam*", "numero di tel*", "pager*", "reached");

    /// <summary>Words after a telephone number that say of which line it is.</summary>
    public static readonly byte[][] Line = Words("office", "fax", "mobile", "cell", "home", "work", "phone", "tel", "direct", "landline", "(office", "(mobile", "(home", "(work", "(cell", "(fax", "(tel");

    /// <summary>Whether one of the words follows, after at most three spaces, hyphens or commas.</summary>
    public static bool Follow(ref ScanText text, int at, byte[][] words)
    {
        var offset = at;
        while (offset - at < 3 && text[offset] is ' ' or '-' or ',')
        {
            offset++;
        }

        if (offset == at || !(AsciiByte.IsLetter(text[offset]) || text[offset] == '('))
        {
            return false;
        }

        foreach (var word in words)
        {
            if (text.Follows(offset, word) && !AsciiByte.IsAlphanumeric(text[offset + word.Length]))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][] Words(params string[] words) => [.. words.Select(Encoding.ASCII.GetBytes)];
}
