using System.Buffers;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>
/// Secrets of applications in Microsoft Entra: three characters, a digit, <c>Q~</c>, and 31 to 34 more. Known by the sign within, because they begin
/// with what begins most words.
/// </summary>
internal sealed class AzureSecretDetector : Detector
{
    private const int BeforeSign = 5;
    private const int Least = 31;
    private const int Most = 34;

    private static readonly SearchValues<byte> Parts = SearchValues.Create([.. Enumerable.Range(0, 0x80).Where(IsPart).Select(static b => (byte)b)]);

    public override int MaxLength => BeforeSign + Most + 4;

    public override Neighbours Before => Neighbours.Letter;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value == '~';

    public override IEnumerable<Opening> Openings =>
        [new([Opening.Exactly('~'), .. Opening.Row(Opening.Length - 1, IsPart)]) { Before = Opening.Exactly('Q') }];

    public override bool StartsAtTrigger => false;

    public override int EarliestStart(ref ScanText text, int at, int from)
    {
        var least = Math.Max(from, at - BeforeSign);
        if (least >= at)
        {
            return at;
        }

        var start = least + text.Bytes[least..at].LastIndexOfAnyExcept(Parts) + 1;
        text.Steps += at - start;
        return start;
    }

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = EarliestStart(ref text, at, from);
        end = at + 1;
        if (at - start < BeforeSign || text[at - 1] != 'Q' || !AsciiByte.IsDigit(text[at - 2]) || IsPart(text[start - 1]))
        {
            return false;
        }

        while (end - at <= Most + 1 && IsPart(text[end]))
        {
            end++;
        }

        // A full stop behind it ends the sentence.
        end -= text[end - 1] == '.' ? 1 : 0;
        var shape = ValueShape.Of(text.Bytes[start..end]);
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfRandom(text.Bytes[(at + 1)..end], shape));
        return end - at - 1 is >= Least and <= Most && shape.IsMixed && !shape.IsMasked;
    }

    private static bool IsPart(int b) => AsciiByte.IsAlphanumeric(b) || b is '-' or '_' or '.' or '~';
}
