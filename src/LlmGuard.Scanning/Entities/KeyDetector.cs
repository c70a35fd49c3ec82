namespace LlmGuard.Scanning.Entities;

/// <summary>Credentials that are recognised by how they start.</summary>
internal sealed class KeyDetector : Detector
{
    private readonly KeyFormat[]?[] _byFirstByte = new KeyFormat[]?[128];

    public KeyDetector(params IEnumerable<KeyFormat> formats)
    {
        foreach (var group in formats.GroupBy(f => f.FirstByte))
        {
            _byFirstByte[group.Key] = [.. group];
        }
    }

    public override IEnumerable<Opening> Openings => _byFirstByte.OfType<KeyFormat[]>().SelectMany(formats => formats).Select(f => f.Opening);

    public override int MaxLength => 2048 + 64;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value < 128 && _byFirstByte[value] is not null;

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, 0);
        foreach (var format in _byFirstByte[text[at]]!)
        {
            end = Math.Max(end, format.EndAt(ref text, at));
        }

        return end > 0;
    }
}
