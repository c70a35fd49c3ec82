using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>Several detectors of one kind of entity.</summary>
internal sealed class AnyDetector(params Detector[] detectors) : Detector
{
    // By what stands before a byte, and the byte: asking each of them whether it is its trigger may allocate, and a colon in prose makes all of them
    // be asked.
    private readonly Detector[][] _asked =
    [
        .. new[] { Neighbours.Other, Neighbours.Letter, Neighbours.Digit }.SelectMany(before => Enumerable.Range(0, 256)
            .Select(value => Array.FindAll(detectors, d => d.IsTriggerAfter(before, (byte)value)))),
    ];

    public override int MaxLength { get; } = detectors.Max(d => d.MaxLength);

    public override Neighbours Before { get; } = detectors.Aggregate(default(Neighbours), (all, d) => all | d.Before);

    public override IEnumerable<Opening> Openings => detectors.SelectMany(d => d.Openings);

    public override bool StartsAtTrigger { get; } = detectors.All(d => d.StartsAtTrigger);

    public override int EarliestStart(ref ScanText text, int at, int from)
    {
        var earliest = at;
        foreach (var detector in detectors)
        {
            earliest = Math.Min(earliest, detector.EarliestStart(ref text, at, from));
        }

        return earliest;
    }

    public override IEnumerable<Detector> EarlyStarters => detectors.SelectMany(static d => d.EarlyStarters);

    public override ulong Runs { get; } = detectors.Aggregate(0UL, (all, d) => all | d.Runs);

    public override bool SkipsInside { get; } = detectors.All(d => d.SkipsInside);

    public override bool IsTrigger(byte value) => detectors.Any(d => d.IsTrigger(value));

    public override bool IsTriggerAfter(Neighbours before, byte value) => detectors.Any(d => d.IsTriggerAfter(before, value));

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var detector in _asked[EntityTable.Row(ByteNeighbours.Of(text[at - 1])) + text[at]])
        {
            if (detector.TryMatch(ref text, at, from, out start, out end))
            {
                return true;
            }
        }

        return None(out start, out end);
    }
}
