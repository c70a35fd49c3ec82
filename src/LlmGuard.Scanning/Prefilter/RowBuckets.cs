using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Prefilter;

/// <summary>Rows spread over buckets, so that what a bucket lets through, for any row in it, is expected to be met as rarely as can be.</summary>
internal sealed class RowBuckets
{
    private const int Rounds = 3;

    private readonly ByteRow[] _rows;
    private readonly int[] _numbers;
    private readonly ByteHalves[] _joined;
    private readonly double[] _frequencies;

    /// <param name="rows">The rows.</param>
    /// <param name="count">How many buckets there are.</param>
    public RowBuckets(IEnumerable<ByteRow> rows, int count)
    {
        _rows = [.. rows];
        (_numbers, _joined, _frequencies) = (new int[_rows.Length], new ByteHalves[count], new double[count]);
        Array.Fill(_numbers, -1);
        ByteHalves[] halves = [.. _rows.Select(static row => row.Halves)];
        int[] order = [.. Enumerable.Range(0, _rows.Length).OrderByDescending(i => halves[i].Frequency)];
        for (var round = 0; round < Rounds; round++)
        {
            // In later rounds each is taken out and goes where it adds least now: the last ones found only the places that were left.
            foreach (var row in order)
            {
                TakeOut(row, halves);
                Put(row, halves[row]);
            }
        }
    }

    /// <summary>How often the buckets are expected to let something through.</summary>
    public double Frequency => _frequencies.Sum();

    /// <summary>Tables for some of the buckets.</summary>
    /// <param name="first">The first of them, behind which there are <see cref="NibbleTables.Buckets"/>.</param>
    public NibbleTables Tables(int first) => new(Sets(first));

    /// <summary>For each place and byte in which of some buckets a row has it there.</summary>
    /// <inheritdoc cref="Tables"/>
    internal byte[][] Sets(int first)
    {
        byte[][] sets = [.. Enumerable.Range(0, NibbleTables.Places).Select(static _ => new byte[256])];
        for (var row = 0; row < _rows.Length; row++)
        {
            if (_numbers[row] - first is >= 0 and < NibbleTables.Buckets and var bucket)
            {
                for (var at = 0; at < NibbleTables.Places * 256; at++)
                {
                    sets[at >> 8][at & 0xFF] |= (byte)(_rows[row].Takes(at >> 8, at & 0xFF) ? 1 << bucket : 0);
                }
            }
        }

        return sets;
    }

    private void TakeOut(int row, ByteHalves[] halves)
    {
        if (_numbers[row] is not (>= 0 and var number))
        {
            return;
        }

        (_numbers[row], _joined[number]) = (-1, default);
        for (var other = 0; other < _numbers.Length; other++)
        {
            _joined[number] = _numbers[other] == number ? _joined[number].With(halves[other]) : _joined[number];
        }

        _frequencies[number] = _joined[number].Frequency;
    }

    private void Put(int row, ByteHalves halves)
    {
        var (best, least) = (0, double.MaxValue);
        for (var number = 0; number < _joined.Length; number++)
        {
            var added = _joined[number].With(halves).Frequency - _frequencies[number];
            (best, least) = added < least ? (number, added) : (best, least);
        }

        (_numbers[row], _joined[best]) = (best, _joined[best].With(halves));
        _frequencies[best] = _joined[best].Frequency;
    }
}
