using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>UUIDs: 8-4-4-4-12 hexadecimal digits.</summary>
internal sealed class UuidDetector : Detector
{
    private const int Length = 36;

    public override int MaxLength => Length + 1;

    public override bool IsTrigger(byte value) => AsciiByte.IsHex(value);

    public override IEnumerable<Opening> Openings => [new([.. Opening.Row(8, AsciiByte.IsHex)])];

    // A hyphen follows them.
    public override ulong Runs => 1UL << 8;

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, at + Length);
        for (var i = 0; i < Length; i++)
        {
            var b = text[at + i];
            if (i is 8 or 13 or 18 or 23 ? b != '-' : !AsciiByte.IsHex(b))
            {
                return false;
            }
        }

        return !AsciiByte.IsAlphanumeric(text[end]);
    }
}
