using System.Buffers;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>A secret that a sentence announces: <c>my password is ...</c>, <c>Bearer ...</c>. The words before it stay.</summary>
/// <param name="labels">The words.</param>
internal sealed class AnnouncedSecretDetector(params SecretLabel[] labels) : Detector
{
    private const int LongestLabel = 40;
    private const int LongestValue = 2048;

    private const int LongestPurpose = 40;
    private const int LongestName = 32;

    // What stands between the word and the value; the longer before what it begins with.
    private static readonly byte[][] Verbs =
    [
        .. new[]
        {
            "is set to ", "is now ", "is: ", "is ", "es: ", "es ", "ist: ", "ist ", "was ", "to ", "é ", "è ", "est ", "lautet: ", "lautet ", "jest ",
                "är ", "er ", "on ", "eq ", "-eq ", "equals ", "to jest ", "это ",
                "— ", "– ", "→ ", "heißt ", "c'est ", ": ", ":", "：", "は", "是", "为", "為", "는 ", "은 ",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Prepositions =
        [.. new[] { "for ", "of ", "on ", "in ", "at ", "here", "del ", "de ", "do ", "da ", "du ", "der ", "des ", "für ", "fürs ", "vom ", "von ",
            "zum ", "zur ", "pour ", "para ", "per ", "voor ", "van ", "till ", "til ", "di ", "от ",
            "для ", "к ", "на ", "від " }.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Copulas =
        [.. new[] { "is ", "is: ", "es ", "ist ", "lautet ", "heißt ", "est ", "c'est ", "é ", "è " }.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static readonly SearchValues<byte> Signs = SearchValues.Create("!@#$%^&*+=_~|"u8);

    private readonly SecretLabel[]?[] _byFirstByte = ByFirstByte(labels);

    public override int MaxLength => LongestLabel + LongestPurpose + 48 + LongestValue;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => _byFirstByte[Fold(value)] is not null;

    public override IEnumerable<Opening> Openings => labels.SelectMany(label => label.Openings);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var label in _byFirstByte[Fold((byte)text[at])]!)
        {
            var labelEnd = label.EndAt(ref text, at);
            if (labelEnd > 0 && !EndsOtherName(ref text, at, labelEnd) && ValueStart(ref text, label, labelEnd) is > 0 and var offset)
            {
                var value = SecretText.Read(ref text, offset, 256, LongestValue);
                (start, end) = (value.Start, value.End);
                if (value.Length >= label.MinLength && Telling(ref text, value, label))
                {
                    text.Confidence = ConfidenceOf(ref text, value, label);
                    return true;
                }
            }
        }

        return None(out start, out end);
    }

    // "--starting-token": what is named as a whole is no secret.
    private static bool EndsOtherName(ref ScanText text, int at, int end)
    {
        var start = at;
        while (text[at - 1] is '-' or '_' && at - start < LongestName && (AsciiByte.IsAlphanumeric(text[start - 1]) || text[start - 1] is '-' or '_'))
        {
            start--;
        }

        return start < at && SecretNames.KindOf(text.Bytes[start..end]) == SecretKind.None;
    }

    private static int ValueStart(ref ScanText text, SecretLabel label, int at)
    {
        var offset = at + Spaces(ref text, at);
        if (label.TakesSpace && offset > at)
        {
            return offset;
        }

        if (text[at] == ' ' && PurposeEnd(ref text, offset) is > 0 and var purpose)
        {
            offset = AfterPurpose(ref text, purpose);
        }

        if (text.Follows(at, ".equals("u8))
        {
            return at + ".equals(".Length;
        }

        foreach (var verb in offset > at || text[at] >= 0x80 || label.TakesColon ? Verbs : [])
        {
            if (text.Follows(offset, verb) && (label.TakesColon || verb[0] is not ((byte)':' or >= 0x80) || text[at] == ' '))
            {
                return offset + verb.Length + Spaces(ref text, offset + verb.Length);
            }
        }

        return text[at] == ':' && text.Follows(offset = at + 1 + Spaces(ref text, at + 1), "is "u8) ? offset + 3 + Spaces(ref text, offset + 3) : 0;
    }

    // The preposition with which people say what a password is for.
    private static int PurposeEnd(ref ScanText text, int at)
    {
        foreach (var preposition in Prepositions)
        {
            if (text.Follows(at, preposition))
            {
                return at + preposition.Length;
            }
        }

        return 0;
    }

    // "the password for the staging server is ..."
    private static int AfterPurpose(ref ScanText text, int at)
    {
        for (var offset = at; offset - at < LongestPurpose && text[offset] is not (-1 or '\n' or '.' or ',' or ';' or '?'); offset++)
        {
            if (text[offset] == ' ' && IsCopula(ref text, offset + 1))
            {
                return offset + 1;
            }

            if (text[offset] == ':' && text[offset + 1] == ' ')
            {
                return offset;
            }
        }

        return at;
    }

    private static bool IsCopula(ref ScanText text, int at)
    {
        foreach (var copula in Copulas)
        {
            if (text.Follows(at, copula))
            {
                return true;
            }
        }

        return false;
    }

    private static int Fold(byte value) => AsciiByte.IsLetter(value) ? value | 0x20 : value;

    // A word of a sentence is no secret: there must be a digit or a sign in it, or quotes around it.
    private static bool Telling(ref ScanText text, SecretText value, SecretLabel label)
    {
        var shape = ValueShape.Of(text.Bytes[value.Start..value.End]);
        return !SecretValues.IsPlaceholder(ref text, value.Start, value.End) && text.Bytes[value.Start..value.End].IndexOf("://"u8) < 0
            && (label.IsMixed ? shape.IsMixed && !shape.IsRepetitive && shape.Others * 3 < shape.Length && (shape.Digits > 1 || shape.Length > 24)
                : shape.Digits > 0 || HasSign(text.Bytes[value.Start..value.End]) || (value.Quote > 0 && shape.Length < 40 && shape.Others < 4));
    }

    private static byte ConfidenceOf(ref ScanText text, SecretText value, SecretLabel label)
    {
        var bytes = text.Bytes[value.Start..value.End];
        var shape = ValueShape.Of(bytes);
        return label.IsMixed
            ? SecretDoubts.ToConfidence(SecretDoubts.OfKey(ref text, value, shape))
            : SecretDoubts.ToConfidence(SecretDoubts.OfPassword(bytes, shape), Confidence.Medium);
    }

    private static bool HasSign(ReadOnlySpan<byte> value) => value.ContainsAny(Signs);

    private static int Spaces(ref ScanText text, int at)
    {
        var count = 0;
        while (count < 8 && text[at + count] is ' ' or '\t')
        {
            count++;
        }

        return count;
    }

    private static SecretLabel[]?[] ByFirstByte(SecretLabel[] labels)
    {
        var table = new SecretLabel[]?[256];
        foreach (var group in labels.GroupBy(label => label.FirstByte))
        {
            table[group.Key] = [.. group];
        }

        return table;
    }
}
