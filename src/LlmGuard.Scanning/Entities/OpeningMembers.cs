using System.Numerics;

namespace LlmGuard.Scanning.Entities;

/// <summary>The openings that share one bit of a table, and which of them fit. Immutable.</summary>
/// <remarks>
/// Of one that is alone all is known where its bit is. Of several a table of their own tells at once which of them fit: one after the other, letters
/// and digits that take turns would make each of a hundred kinds of number be looked at everywhere.
/// </remarks>
internal sealed class OpeningMembers
{
    private const int Places = Opening.Length + 1;

    private readonly (OpeningSets Sets, ulong Detectors)[] _openings;
    private readonly ByteClasses _classes;

    // By place, the byte before last, and by class of byte: one bit for each opening.
    private readonly ulong[] _fitting;

    public OpeningMembers((OpeningSets Sets, ulong Detectors)[] openings, ByteClasses classes)
    {
        (_openings, _classes) = (openings, classes);
        _fitting = openings.Length is > 1 and <= 64 ? new ulong[Places * classes.Count] : [];
        for (var opening = 0; opening < openings.Length && _fitting.Length > 0; opening++)
        {
            for (var place = 0; place < Places; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    _fitting[(place * classes.Count) + classes[(byte)value]] |= openings[opening].Sets.Takes(place, value) ? 1UL << opening : 0;
                }
            }
        }
    }

    /// <summary>Those of the detectors that are asked about of which an opening fits what stands at an offset, one bit each.</summary>
    /// <param name="text">What is known of the text.</param>
    /// <param name="isEnd">Whether it ends there.</param>
    /// <param name="isWhole">Whether the byte before and all that an opening looks at are known.</param>
    /// <param name="at">The offset.</param>
    /// <param name="wanted">The detectors that are asked about.</param>
    /// <param name="steps">Is raised by the openings that are looked at.</param>
    public ulong At(ReadOnlySpan<byte> text, bool isEnd, bool isWhole, int at, ulong wanted, ref long steps)
    {
        if (!isWhole || _openings.Length > 64)
        {
            steps += _openings.Length;
            return OpeningWords.Fitting(_openings, text, isEnd, at, wanted);
        }

        var detectors = 0UL;
        OpeningCondition? refused = null;
        for (var fitting = _openings.Length == 1 ? 1 : FittingAt(text, at); fitting != 0; fitting &= fitting - 1)
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

    private ulong FittingAt(ReadOnlySpan<byte> text, int at)
    {
        var fitting = _fitting[(Opening.Length * _classes.Count) + _classes[text[at - 1]]];
        for (var place = 0; place < Opening.Length && fitting != 0; place++)
        {
            fitting &= _fitting[(place * _classes.Count) + _classes[text[at + place]]];
        }

        return fitting;
    }
}
