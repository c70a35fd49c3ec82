using System.Buffers;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>A secret that a sentence announces: <c>my password is ...</c>, <c>Bearer ...</c>. The words before it stay.</summary>
/// <param name="labels">The words.</param>
internal sealed class AnnouncedSecretDetector(params SecretLabel[] labels) : Detector
{
    private const int LongestLabel = 40;
    private const int LongestValue = 2048;

    private static readonly SearchValues<byte> Signs = SearchValues.Create("!@#$%^&*+=_~|"u8);

    private readonly SecretLabel[]?[] _byFirstByte = ByFirstByte(labels);

    public override int MaxLength => LongestLabel + 48 + LongestValue;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value < 128 && _byFirstByte[value | 0x20] is not null;

    public override IEnumerable<Opening> Openings => labels.SelectMany(label => label.Openings);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var label in _byFirstByte[text[at] | 0x20]!)
        {
            var labelEnd = label.EndAt(ref text, at);
            if (labelEnd > 0 && ValueStart(ref text, label, labelEnd) is > 0 and var offset)
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

    private static int ValueStart(ref ScanText text, SecretLabel label, int at)
    {
        if (text[at] is not (' ' or ':'))
        {
            return 0;
        }

        var offset = at + Spaces(ref text, at);
        if (label.TakesSpace && offset > at)
        {
            return offset;
        }

        var verb = text.Follows(offset, "is "u8) || text.Follows(offset, "es "u8) ? 3 : text.Follows(offset, "ist "u8) || text.Follows(offset, "was "u8) || text.Follows(offset, "is: "u8) ? 4
            : text.Follows(offset, "is set to "u8) ? 10 : text.Follows(offset, "to "u8) ? 3 : 0;
        return verb == 0 ? 0 : offset + verb + Spaces(ref text, offset + verb);
    }

    // A word of a sentence is no secret: there must be a digit or a sign in it, or quotes around it.
    private static bool Telling(ref ScanText text, SecretText value, SecretLabel label)
    {
        var shape = ValueShape.Of(text.Bytes[value.Start..value.End]);
        return !SecretValues.IsPlaceholder(ref text, value.Start, value.End)
            && (label.IsMixed ? shape.IsMixed && !shape.IsRepetitive && shape.Others * 3 < shape.Length && (shape.Digits > 1 || shape.Length > 24)
                : shape.Digits > 0 || HasSign(text.Bytes[value.Start..value.End]) || (value.Quote > 0 && shape.Length < 40 && shape.Others < 4));
    }

    private static byte ConfidenceOf(ref ScanText text, SecretText value, SecretLabel label)
    {
        var bytes = text.Bytes[value.Start..value.End];
        var shape = ValueShape.Of(bytes);
        return label.IsMixed ? SecretDoubts.ToConfidence(SecretDoubts.OfKey(ref text, value, shape)) : SecretDoubts.ToConfidence(SecretDoubts.OfPassword(bytes, shape), Confidence.Medium);
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
        var table = new SecretLabel[]?[128];
        foreach (var group in labels.GroupBy(label => label.FirstByte))
        {
            table[group.Key] = [.. group];
        }

        return table;
    }
}
