namespace LlmGuard.Scanning.Entities;

/// <summary>The detectors of a plan and the table that finds the ones to ask. Immutable.</summary>
internal sealed class EntityTable
{
    /// <summary>Most detectors of one table: one bit each.</summary>
    public const int MaxDetectors = 64;

    private readonly ulong[] _asked = new ulong[3 * 256];

    /// <param name="detectors">The detectors and the number of the rule each stands for.</param>
    public EntityTable(IReadOnlyList<(Detector Detector, int Rule)> detectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(detectors.Count, MaxDetectors);
        Detectors = [.. detectors.Select(d => d.Detector)];
        Rules = [.. detectors.Select(d => d.Rule)];
        for (var number = 0; number < Detectors.Length; number++)
        {
            foreach (var before in new[] { Neighbours.Other, Neighbours.Letter, Neighbours.Digit })
            {
                for (var value = 0; value < 256; value++)
                {
                    _asked[Row(before) + value] |= Detectors[number].IsTriggerAfter(before, (byte)value) ? 1UL << number : 0;
                }
            }
        }
    }

    public Detector[] Detectors { get; }

    public int[] Rules { get; }

    /// <summary>The detectors to ask at a byte, one bit each.</summary>
    public ulong Asked(Neighbours before, byte value) => _asked[Row(before) + value];

    // 1, 2, 4 to 0, 1, 2.
    private static int Row(Neighbours before) => ((int)before >> 1) << 8;
}
