using System.Text;

namespace LlmGuard.Scanning.Entities;

/// <summary>Words before a bare number that say what it is.</summary>
internal static class Labels
{
    private const int Reach = 40;

    /// <summary>Words that announce a US social security number.</summary>
    public static readonly byte[][] SocialSecurity = Words("ssn", "social security", "soc sec", "social sec");

    /// <summary>Words that announce a telephone number.</summary>
    public static readonly byte[][] Telephone = Words(
        "phone", "tel", "mobile", "cell", "fax", "call", "whatsapp", "contact", "dial", "sms", "ph:", "ph.", "handy", "mobil", "movil");

    /// <summary>Whether one of the words starts in the 40 bytes before an offset, on the same line.</summary>
    public static bool Precede(ref ScanText text, int at, byte[][] words)
    {
        for (var offset = at - 1; offset >= at - Reach && text[offset] is not (-1 or '\n'); offset--)
        {
            if (!AsciiByte.IsLetter(text[offset]) || AsciiByte.IsLetter(text[offset - 1]))
            {
                continue;
            }

            foreach (var word in words)
            {
                if (offset + word.Length <= at && text.Follows(offset, word))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static byte[][] Words(params string[] words) => [.. words.Select(Encoding.ASCII.GetBytes)];
}
