namespace LlmGuard.Scanning.Entities;

/// <summary>Runs detectors over a text in one pass: a table tells by a byte and the one before it which of them to ask.</summary>
internal sealed class EntityMatcher(EntityTable table) : IScanMatcher
{
    public bool Remembers => false;

    public long Steps { get; private set; }

    public void Reset() => Steps = 0;

    public long Find(in ScanWindow window, List<Candidate> found)
    {
        var text = new ScanText(window.Bytes, window.IsEnd);
        var bytes = window.Bytes;
        var from = window.Context;
        var open = bytes.Length;
        var before = ByteNeighbours.Of(from > 0 ? bytes[from - 1] : -1);
        for (var at = from; at < bytes.Length; at++)
        {
            var value = bytes[at];
            for (var asked = table.Asked(before, value); asked != 0; asked &= asked - 1)
            {
                var number = System.Numerics.BitOperations.TrailingZeroCount(asked);
                var detector = table.Detectors[number];
                text.HitEnd = false;
                var isMatch = detector.TryMatch(ref text, at, from, out var start, out var end);
                if (text.HitEnd)
                {
                    open = Math.Min(open, detector.EarliestStart(ref text, at, from));
                }
                else if (isMatch)
                {
                    found.Add(new Candidate(window.Origin + start, window.Origin + end, table.Rules[number]));
                }
            }

            before = ByteNeighbours.Of(value);
        }

        if (!window.IsEnd)
        {
            foreach (var detector in table.Detectors)
            {
                open = Math.Min(open, detector.EarliestStart(ref text, bytes.Length, from));
            }
        }

        Steps += text.Steps;
        return window.Origin + open;
    }
}
