using System.Buffers;
using System.Runtime.CompilerServices;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>The detectors of a plan and the tables that find where to ask which (<see cref="EntityStops"/>). Immutable.</summary>
/// <remarks>
/// A filter passes over nearly all of a text, many offsets at a time. Where it does not, the openings that fit the bytes there, the trigger with the
/// byte before it, and the length of the row of letters and digits tell which detectors are to be asked; mostly none.
/// </remarks>
internal sealed class EntityTable
{
    /// <summary>Most detectors of one table: one bit each.</summary>
    public const int MaxDetectors = 64;

    private const int UnknownRun = Detector.LongestRun + 1;

    private static readonly SearchValues<byte> Alphanumeric = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    // Where the row of triggers begins for each byte before one.
    private static readonly ushort[] Rows = [.. Enumerable.Range(0, 256).Select(static before => (ushort)Row(ByteNeighbours.Of(before)))];

    private readonly ulong[] _triggers = new ulong[3 * 256];
    private readonly ulong[] _runs = new ulong[UnknownRun + 1];
    private readonly ulong _haveRuns;

    // By how many bytes a text still has, all of which are letters and digits: the detectors of which a match can begin so.
    private readonly ulong[] _inRows = new ulong[Detector.LongestRun + 1];
    private readonly OpeningTable _openings;

    /// <param name="detectors">The detectors and the number of the rule each stands for.</param>
    public EntityTable(IReadOnlyList<(Detector Detector, int Rule)> detectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(detectors.Count, MaxDetectors);
        Detectors = [.. detectors.Select(d => d.Detector)];
        Rules = [.. detectors.Select(d => d.Rule)];
        EarlyStarters = [.. Detectors.SelectMany(static detector => detector.EarlyStarters).DistinctBy(static detector => detector.EarlyStart)];
        for (var number = 0; number < Detectors.Length; number++)
        {
            Add(Detectors[number], 1UL << number);
            _haveRuns |= Detectors[number].Runs == ulong.MaxValue ? 0 : 1UL << number;
        }

        (OpeningSets Sets, ulong Detectors)[] openings =
        [
            .. Detectors.SelectMany((detector, number) =>
                detector.Openings.Select(opening => (Sets: new OpeningSets(opening), Detector: 1UL << number)))
                .GroupBy(static o => (o.Sets.Key, o.Sets.Condition)).OrderBy(static o => o.Key.Key, StringComparer.Ordinal)
                .Select(static group => (group.First().Sets, group.Aggregate(0UL, static (all, o) => all | o.Detector))),
        ];
        _openings = new OpeningTable(openings);
        for (var left = 1; left <= Detector.LongestRun; left++)
        {
            _inRows[left] = _runs[left] & openings.Where(o => o.Sets.FitRow(left)).Aggregate(0UL, static (all, o) => all | o.Detectors);
        }

        AsksWithinWords = IsAskedWithinWords();
        Filter = new OpeningFilter([.. openings.Select(o => (o.Sets, Runs(o.Detectors)))], AsksWithinWords);
    }

    public Detector[] Detectors { get; }

    public int[] Rules { get; }

    /// <summary>The detectors of which a match may start before its trigger, of those that tell the same about that only one.</summary>
    public Detector[] EarlyStarters { get; }

    /// <summary>Whether any is asked at a letter behind a letter or digit, or at a digit behind a digit.</summary>
    public bool AsksWithinWords { get; }

    /// <summary>Tells where not to look.</summary>
    public OpeningFilter Filter { get; }

    /// <summary>Where the row of what stands behind a kind of byte begins, in a table of three rows of 256: 1, 2, 4 to 0, 1, 2.</summary>
    public static int Row(Neighbours before) => ((int)before >> 1) << 8;

    /// <summary>Keeps of some offsets those at which a detector may have to be asked, see <see cref="OpeningTable.Keep"/>.</summary>
    public int Keep(ReadOnlySpan<byte> text, int begin, Span<ushort> offsets) => _openings.Keep(text, begin, offsets);

    /// <summary>Whether a detector may have to be asked at an offset, at least 1, of a text that goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayBeAsked(ReadOnlySpan<byte> text, int at) => _triggers[Rows[text[at - 1]] + text[at]] != 0
        && (at <= text.Length - Opening.Length ? _openings.MayStand(text, at) : _openings.MayStandAtEnd(text, at));

    /// <summary>The detectors to ask at an offset, one bit each.</summary>
    /// <param name="text">What is known of the text.</param>
    /// <param name="isEnd">Whether it ends there.</param>
    /// <param name="at">The offset.</param>
    /// <param name="steps">Is raised by the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AskedAt(ReadOnlySpan<byte> text, bool isEnd, int at, ref long steps)
    {
        // At most bytes nobody is ever asked, for which nothing is called.
        var asked = _triggers[(at > 0 ? Rows[text[at - 1]] : 0) + text[at]];
        return asked == 0 ? 0 : AskedAt(text, isEnd, at, asked, ref steps);
    }

    /// <summary>The same of a whole text that consists of letters and digits.</summary>
    /// <param name="padded">The text, see <see cref="OpeningTable.Pad"/>.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="at">The offset.</param>
    /// <param name="steps">Is raised by the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AskedInRow(ReadOnlySpan<byte> padded, int length, int at, ref long steps)
    {
        var asked = _triggers[Rows[padded[at]] + padded[at + 1]] & _inRows[Math.Min(length - at, Detector.LongestRun)];
        return asked == 0 || !_openings.MayStandInRow(padded, length, at) ? 0
            : _openings.At(padded.Slice(1, length), isEnd: true, at, asked, ref steps);
    }

    private ulong AskedAt(ReadOnlySpan<byte> text, bool isEnd, int at, ulong asked, ref long steps)
    {
        // Near the ends of a text openings are looked at one by one, so that the row of letters and digits, which ends there too, is looked at first.
        var isNearEnd = isEnd && text.Length - at < Detector.LongestRun;
        if (isNearEnd && (asked & _haveRuns) != 0 && (asked &= _runs[RunAt(text, isEnd, at)]) == 0)
        {
            return 0;
        }

        asked = _openings.At(text, isEnd, at, asked, ref steps);
        return !isNearEnd && (asked & _haveRuns) != 0 ? asked & _runs[RunAt(text, isEnd, at)] : asked;
    }

    // A row that goes on to the end of what is known may become longer, so that nothing is said about it.
    private static int RunAt(ReadOnlySpan<byte> text, bool isEnd, int at)
    {
        var rest = text[at..];
        var run = rest[..Math.Min(rest.Length, Detector.LongestRun)].IndexOfAnyExcept(Alphanumeric);
        return run >= 0 ? run : rest.Length >= Detector.LongestRun ? Detector.LongestRun : isEnd ? rest.Length : UnknownRun;
    }

    private ulong Runs(ulong detectors) =>
        Enumerable.Range(0, Detectors.Length).Where(number =>
            (detectors >> number & 1) != 0).Aggregate(0UL, (runs, number) => runs | Detectors[number].Runs);

    private void Add(Detector detector, ulong bit)
    {
        for (var value = 0; value < 256; value++)
        {
            foreach (var before in new[] { Neighbours.Other, Neighbours.Letter, Neighbours.Digit })
            {
                _triggers[Row(before) + value] |= detector.IsTriggerAfter(before, (byte)value) ? bit : 0;
            }
        }

        for (var run = 0; run <= Detector.LongestRun; run++)
        {
            _runs[run] |= (detector.Runs >> run & 1) != 0 ? bit : 0;
        }

        _runs[UnknownRun] |= bit;
    }

    private bool IsAskedWithinWords() => Enumerable.Range(0, 256).Any(value => AsciiByte.IsLetter(value)
        ? (_triggers[Row(Neighbours.Letter) + value] | _triggers[Row(Neighbours.Digit) + value]) != 0
        : AsciiByte.IsDigit(value) && _triggers[Row(Neighbours.Digit) + value] != 0);
}
