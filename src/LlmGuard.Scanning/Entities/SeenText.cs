using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Entities;

/// <summary>The stretches of a view that were seen before, in the text it was made from, and what was kept there.</summary>
/// <remarks>
/// Whether an offset is kept depends on the byte before it, on those an opening looks at, and on how many letters and digits follow in a row. Where
/// all of them are the same in the text, the answer is, so that only what stands around a change is judged. Whether a detector is asked there depends
/// on at most <see cref="Detector.Left"/> bytes before and after it. What detectors say depends on more, and they are asked again.
/// </remarks>
/// <param name="view">The view.</param>
/// <param name="kept">What was kept of the text.</param>
internal sealed class SeenText(ViewText view, KeptOffsets kept)
{
    // Others are judged as fast as they are passed over.
    private const int Shortest = 64;

    private int _run;
    private int _end;
    private int _original;
    private int _firstAsked;
    private int _lastAsked;

    /// <summary>Where the stretch begins; where there is none any more, far behind the text.</summary>
    public int Start { get; private set; }

    /// <summary>Starts on what is kept of the view.</summary>
    public void Restart() => (_run, Start, _end) = (0, 0, 0);

    /// <summary>Whether an offset is in a stretch; if not, the next one is that behind it.</summary>
    public bool Holds(int at)
    {
        while (_end <= at)
        {
            if (!GoOn())
            {
                (Start, _end) = (int.MaxValue, int.MaxValue);
            }
        }

        return Start <= at;
    }

    /// <summary>Goes on over the stretch, as long as there is room for what was kept.</summary>
    /// <param name="at">The offset to start at, which the stretch holds; then the first offset behind those.</param>
    /// <param name="perhaps">Receives one bit for each of 64 offsets, of the last fewer.</param>
    /// <returns>How many of these were filled.</returns>
    public int Fill(ref int at, Span<ulong> perhaps)
    {
        var count = 0;
        for (; at < _end && count < perhaps.Length; at += 64)
        {
            var original = _original + at - Start;
            var askedOnly = First(_lastAsked - at) & ~First(_firstAsked - at);
            perhaps[count++] = (kept.AskedFrom(original) | (kept.KeptFrom(original) & ~askedOnly)) & First(_end - at);
        }

        at = Math.Min(at, _end);
        return count;
    }

    private static ulong First(int count) => count >= 64 ? ulong.MaxValue : count <= 0 ? 0 : (1UL << count) - 1;

    private bool GoOn()
    {
        while (view.NextSame(ref _run, out var first, out var end, out var original))
        {
            var (start, last) = ((int)(first - view.Origin) + 1, (int)(end - view.Origin));
            if (last - start < Shortest)
            {
                continue;
            }

            // The row of letters and digits before a change may be longer in one of the two.
            var bytes = view.Bytes;
            var row = last;
            while (row > last - Detector.LongestRun + 1 && AsciiByte.IsAlphanumeric(bytes[row - 1]))
            {
                row--;
            }

            (Start, _original) = (start, (int)(original + 1 - kept.Origin));
            _end = Math.Min(Math.Min(row, last - Opening.Length + 1), start + kept.Known - _original);
            (_firstAsked, _lastAsked) = (start - 1 + Detector.Left, last - Detector.Left);
            if (_end > Start)
            {
                return true;
            }
        }

        return false;
    }
}
