using System.Numerics;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Numbers;

/// <summary>Numbers of known layouts: the length of the first run of letters and digits leads to the few layouts that it can be.</summary>
internal sealed class NumberDetector : Detector
{
    private const int Longest = 48;

    private readonly Layout[][] _byFirstRun = new Layout[Longest + 1][];

    // Those of them that are written without separators, and the others.
    private readonly Layout[][] _ungrouped = new Layout[Longest + 1][];
    private readonly Layout[][] _grouped = new Layout[Longest + 1][];
    private readonly bool[] _starts = new bool[256];

    public NumberDetector(params IReadOnlyList<NumberFormat> formats)
    {
        Layout[] layouts = [.. formats.SelectMany(format => format.Layouts.Select(pattern => new Layout(pattern, format)))];
        for (var length = 0; length <= Longest; length++)
        {
            _byFirstRun[length] = [.. layouts.Where(l => l.FirstRun == length)];
            _ungrouped[length] = [.. _byFirstRun[length].Where(static l => !l.IsGrouped)];
            _grouped[length] = [.. _byFirstRun[length].Where(static l => l.IsGrouped)];
        }

        for (var value = 0; value < 256; value++)
        {
            _starts[value] = layouts.Any(l => l.Takes(0, value));
        }

        // A condition tells openings apart, so that one for each of many formats would cost more than it spares.
        var condition = formats.Count == 1 ? formats[0].Condition : null;

        // One opening for layouts that begin alike, as far as an opening looks.
        Openings =
            [.. layouts.DistinctBy(l => (l.Pattern[..Math.Min(l.Pattern.Length, Opening.Length)], l.Pattern.Length < Opening.Length,
            l.Format.AnyCase)).SelectMany(l => l.Openings(condition))];
        Runs = layouts.Aggregate(0UL, static (runs, layout) => runs | 1UL << layout.FirstRun);
        MaxLength = layouts.Max(l => l.Pattern.Length) + 3;
    }

    public override int MaxLength { get; }

    public override IEnumerable<Opening> Openings { get; }

    public override ulong Runs { get; }

    public override bool IsTrigger(byte value) => _starts[value];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, 0);
        ref readonly var row = ref text.RowAt(at);
        var run = row.IsKnown ? BitOperations.TrailingZeroCount(~(row.Digits | row.Letters)) : RunLength(ref text, at);
        if (run > Longest || _byFirstRun[run].Length == 0 || IsInside(ref text, at))
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[Longest];
        byte best = 0;
        var next = text[at + run];
        var isAlone = IsAlone(ref text, at + run);
        var mayBeGrouped = !FollowsGroup(ref text, at);
        foreach (var layout in (mayBeGrouped, isAlone) switch { (true, true) => _byFirstRun[run], (true, false) => _grouped[run],
            (false, true) => _ungrouped[run], _ => [] })
        {
            text.Steps++;
            if ((layout.IsGrouped && layout.Separator != next) || (row.IsKnown && !layout.MayStand(row.Digits)))
            {
                continue;
            }

            scoped ReadOnlySpan<byte> characters = layout.IsOfDigits && row.IsKnown
                ? text.Bytes.Slice(at, layout.Length)
                : copy[..layout.Read(ref text, at, copy)];
            var after = at + layout.Length;
            if (characters.Length > 0 && (!layout.IsGrouped || (IsAlone(ref text, after) && !PrecedesGroup(ref text, after))))
            {
                var confidence = layout.Format.Judge(ref text, at, characters, layout.IsGrouped, Math.Max(text.Least, best + 1));
                if (confidence > best)
                {
                    (best, end) = (confidence, after);
                }
            }
        }

        text.Confidence = best;
        return best > 0;
    }

    private static int RunLength(ref ScanText text, int at)
    {
        var run = 0;
        while (run <= Longest && AsciiByte.IsAlphanumeric(text[at + run]))
        {
            run++;
        }

        return run;
    }

    // A part of a longer number, of an identifier, or of a path.
    private static bool IsInside(ref ScanText text, int at) =>
        text[at - 1] is '_' or '@' or '$' or '+' || (text[at - 1] is '.' or '-' or '/' && AsciiByte.IsAlphanumeric(text[at - 2]));

    // Groups of a longer row of groups, such as the end of a telephone number.
    private static bool FollowsGroup(ref ScanText text, int at) =>
        text[at - 1] == ')' || (text[at - 1] == ' ' && (AsciiByte.IsDigit(text[at - 2]) || text[at - 2] == ')'));

    private static bool PrecedesGroup(ref ScanText text, int end) => text[end] == ' ' && AsciiByte.IsDigit(text[end + 1]);

    private static bool IsAlone(ref ScanText text, int end)
    {
        var next = text[end];
        return !AsciiByte.IsAlphanumeric(next) && next is not ('_' or '@') && !(next is '.' or '-' or '/' && AsciiByte.IsAlphanumeric(text[end + 1]));
    }

    private sealed class Layout(string pattern, NumberFormat format)
    {
        private readonly ulong _digits = Places(pattern, static c => c == '9');
        private readonly ulong _others = Places(pattern, static c => c is not ('X' or 'o') && !AsciiByte.IsDigit(c));

        public string Pattern => pattern;

        public NumberFormat Format => format;

        /// <summary>Letters and digits before the first separator.</summary>
        public int FirstRun { get; } = pattern.TakeWhile(char.IsAsciiLetterOrDigit).Count();

        /// <summary>What stands behind these where it is written in groups.</summary>
        public int Separator { get; } = pattern.FirstOrDefault(static c => !char.IsAsciiLetterOrDigit(c));

        public bool IsGrouped { get; } = !pattern.All(char.IsAsciiLetterOrDigit);

        /// <summary>
        /// How it begins. Letters that stand for digits make openings of their own, because a filter can tell each of them well and all together not.
        /// </summary>
        public IEnumerable<Opening> Openings(OpeningCondition? condition) => Choices(0).Select(places => new Opening([.. places])
        {
            // What must not stand before and after is what IsInside and IsAlone refuse.
            Before = static b => b is not ('_' or '@' or '$' or '+'),
            Condition = condition,
        });

        private IEnumerable<IEnumerable<Func<int, bool>>> Choices(int place) =>
            place == Math.Min(pattern.Length + 1, Opening.Length) ? [[]]
            : Kinds(place).SelectMany(kind => Choices(place + 1).Select(rest => rest.Prepend(kind)));

        private IEnumerable<Func<int, bool>> Kinds(int place) =>
            place == pattern.Length ? [Ends]
            : pattern[place] != 'o' ? [b => Takes(place, b)]
            : [AsciiByte.IsDigit, b => Takes(place, b) && (b & 0xDF) is >= 'L' and <= 'N', b => Takes(place, b) && (b & 0xDF) is >= 'P' and <= 'V'];

        private static bool Ends(int b) => !AsciiByte.IsAlphanumeric(b) && b is not ('_' or '@');

        public bool Takes(int place, int value) => pattern[place] switch
        {
            '9' => AsciiByte.IsDigit(value),
            'A' => format.AnyCase ? AsciiByte.IsLetter(value) : AsciiByte.IsUpper(value),
            'X' => AsciiByte.IsDigit(value) || (format.AnyCase ? AsciiByte.IsLetter(value) : AsciiByte.IsUpper(value)),
            'o' => AsciiByte.IsDigit(value) || ((format.AnyCase ? value & 0xDF : value) is (>= 'L' and <= 'N') or (>= 'P' and <= 'V')),
            var other => value == other,
        };

        /// <summary>Whether nothing but digits without separators is written so.</summary>
        public bool IsOfDigits { get; } = pattern.All(static c => c == '9');

        /// <summary>Bytes it takes.</summary>
        public int Length => pattern.Length;

        /// <summary>Whether digits stand where they must and may.</summary>
        /// <param name="digits">Which of 64 bytes are digits.</param>
        public bool MayStand(ulong digits) => (digits & _digits) == _digits && (digits & _others) == 0;

        /// <summary>Copies the letters, as capitals, and the digits; gives their count, or 0 when something else stands there.</summary>
        public int Read(ref ScanText text, int at, scoped Span<byte> characters)
        {
            var count = 0;
            for (var i = 0; i < pattern.Length; i++)
            {
                var b = text[at + i];
                if (!Takes(i, b))
                {
                    return 0;
                }

                if (AsciiByte.IsAlphanumeric(b))
                {
                    characters[count++] = (byte)(AsciiByte.IsLetter(b) ? b & 0xDF : b);
                }
            }

            return count;
        }

        private static ulong Places(string pattern, Func<char, bool> kind) =>
            Enumerable.Range(0, pattern.Length).Where(place => kind(pattern[place])).Aggregate(0UL, static (places, place) => places | 1UL << place);
    }
}
