using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// Several words that are a password together: <c>Passphrase for the disk: "seven quiet otters ..."</c>, <c>seed phrase: abandon river ...</c>,
/// <c>mnemonic = "..."</c>.
/// </summary>
internal sealed class PassphraseDetector : Detector
{
    private const int LongestPurpose = 40;
    private const int LeastWords = 4;

    // Of the list that wallets draw from.
    private const int LeastOfWallet = 12;
    private const int MostWords = 24;
    private const int ShortestWord = 3;
    private const int LongestWord = 10;

    private static readonly byte[][] Kinds =
        [.. new[] { "seed ", "recovery ", "secret ", "backup ", "mnemonic ", "pass " }.Select(Encoding.ASCII.GetBytes)];

    // Words that make a sentence of words; those of one or two letters do it too.
    private static readonly byte[][] OfSentences =
    [
        .. ("the you your that this for and must with from are not can will which used use uses here when least was were has have its into "
            + "than then they them any each should may per via only").Split(' ').Select(Encoding.ASCII.GetBytes),
    ];

    public override int MaxLength => LongestPurpose + (MostWords * (LongestWord + 1)) + 24;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => (value | 0x20) is 'p' or 'm';

    // Only where words begin: a trigger within words would have every opening of the entity looked at there.
    public override IEnumerable<Opening> Openings =>
        [Opening.Word("phrase"u8, static b => b is ' ' or ':' or '='), Opening.Word("passphra"u8), Opening.Word("mnemonic"u8)];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (0, 0);
        var isWallet = text.Follows(at, "mnemonic"u8);
        var word = isWallet ? 8 : text.Follows(at, "passphrase"u8) ? 10 : text.Follows(at, "phrase"u8) && IsNamed(ref text, at) ? 6 : 0;
        if (word == 0)
        {
            return false;
        }

        start = AfterVerb(ref text, at + word);
        end = start == 0 ? 0 : EndOfWords(ref text, start, isWallet ? LeastOfWallet : LeastWords);
        return end > start;
    }

    private static bool IsNamed(ref ScanText text, int at)
    {
        foreach (var word in Kinds)
        {
            if (at >= word.Length && text.Follows(at - word.Length, word))
            {
                return true;
            }
        }

        return false;
    }

    private static int AfterVerb(ref ScanText text, int at)
    {
        for (var offset = at; offset - at < LongestPurpose && text[offset] is not (-1 or '\n' or '.' or ';' or '?'); offset++)
        {
            var length = text.Follows(offset, " is: "u8) ? 5 : text.Follows(offset, " is "u8) ? 4 : text[offset] is ':' or '=' ? 1 : 0;
            if (length > 0)
            {
                offset += length;
                while (offset - at < LongestPurpose + 8 && text[offset] is ' ' or '"' or '\'' or '`')
                {
                    offset++;
                }

                return offset;
            }
        }

        return 0;
    }

    private static int EndOfWords(ref ScanText text, int start, int least)
    {
        var (words, offset) = (0, start);
        while (words < MostWords)
        {
            var word = offset;
            while (offset - word <= LongestWord && AsciiByte.IsLower(text[offset]))
            {
                offset++;
            }

            if (offset - word is < ShortestWord or > LongestWord || IsOfSentence(text.Bytes[word..offset]))
            {
                return 0;
            }

            words++;
            if (text[offset] != ' ')
            {
                break;
            }

            offset++;
        }

        return words >= least && text[offset] is -1 or '\n' or '\r' or '"' or '\'' or '`' or '.' or ',' or ')' or '<' ? offset : 0;
    }

    private static bool IsOfSentence(ReadOnlySpan<byte> word)
    {
        foreach (var other in OfSentences)
        {
            if (word.SequenceEqual(other))
            {
                return true;
            }
        }

        return false;
    }
}
