using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>The openings that share one bit of a table, and which of them fit. Immutable.</summary>
/// <remarks>
/// Of one that is alone all is known where its bit is. Of several a table of their own tells at once which of them fit: one after the other, letters
/// and digits that take turns would make each of a hundred kinds of number be looked at everywhere.
/// </remarks>
internal sealed class OpeningMembers
{
    private const int Places = Opening.Length + 1;
    private const int MostInTable = 64;

    private readonly (OpeningSets Sets, ulong Detectors)[] _openings;

    // By place, the byte before last, and by class of byte: one bit for each opening.
    private readonly ulong[] _fitting;

    public OpeningMembers((OpeningSets Sets, ulong Detectors)[] openings, ByteClasses classes)
    {
        _openings = openings;
        Detectors = openings.Aggregate(0UL, static (all, opening) => all | opening.Detectors);
        _fitting = openings.Length is > 1 and <= MostInTable ? new ulong[Places * classes.Count] : [];
        for (var opening = 0; opening < openings.Length && _fitting.Length > 0; opening++)
        {
            for (var place = 0; place < Places; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    _fitting[(place * classes.Count) + classes[(byte)value]] |= openings[opening].Sets.Takes(place, value) ? 1UL << opening : 0;
                }

                _fitting[(place * classes.Count) + classes.Outside] |= openings[opening].Sets.TakesEnd(place) ? 1UL << opening : 0;
                _fitting[(place * classes.Count) + classes.Unknown] |= 1UL << opening;
            }
        }
    }

    /// <summary>Whether what fits is looked up in a table.</summary>
    public bool NeedsRows => _fitting.Length > 0;

    /// <summary>The detectors that these openings are of, one bit each.</summary>
    public ulong Detectors { get; }

    /// <summary>Those of the detectors that are asked about of which an opening fits what stands at an offset, one bit each.</summary>
    /// <param name="text">What is known of the text: the byte before the offset, and all that an opening looks at.</param>
    /// <param name="at">The offset.</param>
    /// <param name="rows">See <see cref="Rows"/>.</param>
    /// <param name="wanted">The detectors that are asked about.</param>
    /// <param name="refused">A condition that does not hold there, or null.</param>
    /// <param name="steps">Is raised by the openings that are looked at.</param>
    public ulong At(ReadOnlySpan<byte> text, int at, in Rows rows, ulong wanted, ref OpeningCondition? refused, ref long steps)
    {
        if (_openings.Length > MostInTable)
        {
            steps += _openings.Length;
            return OpeningWords.Fitting(_openings, text, isEnd: false, at, wanted, ref refused);
        }

        var detectors = 0UL;
        for (var fitting = _openings.Length == 1 ? 1 : FittingAt(rows); fitting != 0; fitting &= fitting - 1)
        {
            ref readonly var opening = ref _openings[BitOperations.TrailingZeroCount(fitting)];
            var condition = opening.Sets.Condition;
            if ((opening.Detectors & wanted & ~detectors) == 0 || (refused is not null && ReferenceEquals(condition, refused)))
            {
                continue;
            }

            steps++;
            if (condition is null || condition(text, at))
            {
                detectors |= opening.Detectors & wanted;
            }
            else
            {
                refused = condition;
            }
        }

        return detectors;
    }

    /// <summary>The same where less is known and there are no rows.</summary>
    public ulong AtEdge(ReadOnlySpan<byte> text, bool isEnd, int at, ulong wanted, ref OpeningCondition? refused, ref long steps)
    {
        steps += _openings.Length;
        return OpeningWords.Fitting(_openings, text, isEnd, at, wanted, ref refused);
    }

    private ulong FittingAt(in Rows rows)
    {
        ref var fitting = ref MemoryMarshal.GetArrayDataReference(_fitting);
        var all = Unsafe.Add(ref fitting, rows[Opening.Length]);
        for (var place = 0; place < Opening.Length; place++)
        {
            all &= Unsafe.Add(ref fitting, rows[place]);
        }

        return all;
    }

    /// <summary>Where in the tables stands what is at the places of an opening, the byte before last: found once for all.</summary>
    [InlineArray(Places)]
    public struct Rows
    {
        private int _first;

        /// <summary>Looks them up.</summary>
        /// <param name="classes">The classes of bytes.</param>
        /// <param name="here">The byte at the offset, with one before it and all that an opening looks at after it.</param>
        public void Find(ByteClasses classes, ref byte here)
        {
            for (var place = 0; place < Opening.Length; place++)
            {
                this[place] = (place * classes.Count) + classes[Unsafe.Add(ref here, place)];
            }

            this[Opening.Length] = (Opening.Length * classes.Count) + classes[Unsafe.Subtract(ref here, 1)];
        }

        /// <summary>Looks them up near the start or the end of what is known.</summary>
        public void Find(ByteClasses classes, ReadOnlySpan<byte> text, bool isEnd, int at)
        {
            var beyond = isEnd ? classes.Outside : classes.Unknown;
            for (var place = 0; place < Opening.Length; place++)
            {
                this[place] = (place * classes.Count) + (at + place < text.Length ? classes[text[at + place]] : beyond);
            }

            this[Opening.Length] = (Opening.Length * classes.Count) + (at > 0 ? classes[text[at - 1]] : classes.Outside);
        }
    }
}
