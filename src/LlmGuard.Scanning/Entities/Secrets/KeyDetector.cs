namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Credentials that are recognised by their shape alone.</summary>
internal sealed class KeyDetector : Detector
{
    private readonly KeyFormat[]?[] _byFirstByte = new KeyFormat[]?[128];

    public KeyDetector(IReadOnlyList<KeyFormat> formats)
    {
        for (var value = 0; value < _byFirstByte.Length; value++)
        {
            KeyFormat[] group = [.. formats.Where(f => f.StartsWith(value))];
            _byFirstByte[value] = group.Length == 0 ? null : group;
        }

        Openings = [.. formats.Select(f => f.Opening)];
    }

    public override IEnumerable<Opening> Openings { get; }

    public override int MaxLength => 4096 + 256;

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
