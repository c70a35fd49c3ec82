using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Numbers;

/// <summary>
/// Short numbers that are nothing without the word before them. They are recognised at the word, because numbers are many and words few.
/// </summary>
/// <param name="words">The words.</param>
/// <param name="reach">How far behind the start of a word the number may begin, in bytes.</param>
/// <param name="numbers">Tells them, words before them included.</param>
internal sealed class AnnouncedNumberDetector(LabelWords words, int reach, NumberDetector numbers) : Detector
{
    public override int MaxLength => reach + numbers.MaxLength;

    public override bool IsTrigger(byte value) => words.Begins(value);

    public override IEnumerable<Opening> Openings => words.Openings;

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        if (!words.StandAt(ref text, at))
        {
            return None(out start, out end);
        }

        for (var offset = at + 1; offset - at <= reach && text[offset] is not (-1 or '\n'); offset++)
        {
            if (numbers.IsTriggerAfter(ByteNeighbours.Of(text[offset - 1]), (byte)text[offset])
                && numbers.TryMatch(ref text, offset, from, out start, out end))
            {
                return true;
            }
        }

        return None(out start, out end);
    }
}
