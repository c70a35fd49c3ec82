using System.Buffers;
using System.Runtime.InteropServices;
using LlmGuard.Planning;
using LlmGuard.Telemetry;

namespace LlmGuard.Caching;

/// <summary>
/// Remembers texts in which an entry has found nothing, so that a conversation's history is not judged again with every turn. Keeps hashes, no text.
/// With it and without it the same things are found: see <see cref="ISegmentEvaluator"/>. Thread-safe.
/// </summary>
/// <remarks>
/// A key is a hash of the text, of all an evaluator may judge it by and of the caller, XORed with the random number of the evaluator and stage.
/// Two keys of one evaluator and stage are equal if two hashes are, which takes a forgery (see <see cref="KeyedHash"/>). Two keys of different
/// ones are equal if two hashes differ by just what two random numbers differ by. Nobody sees those and nothing else is made from them, so for
/// any texts, however related, and whatever the hashes are like, that happens once in 2^128 pairs of keys. A hash of the evaluator in place of
/// its number would need hashes as good as random, which no polynomial has.
/// Callers, what is said of texts, texts and texts of several parts are hashed under four keys, since the hashes of the one are part of the other,
/// and a bound on collisions holds for input that was chosen without the key.
/// </remarks>
internal sealed class CleanSegmentCache(long maxBytes, GuardrailTelemetry telemetry)
{
    private readonly KeyedHash _texts = KeyedHash.Create();
    private readonly KeyedHash _joined = KeyedHash.Create();
    private readonly KeyedHash _headers = KeyedHash.Create();
    private readonly KeyedHash _callers = KeyedHash.Create();
    private readonly CleanTextTable _table = new(maxBytes);

    /// <summary>Hashes for one stage of a call.</summary>
    public SegmentHashes NewHashes(GuardrailCaller caller) =>
        new(_texts, _headers, caller.Consumer is { } consumer ? HashOf(consumer) : 0);

    /// <summary>What an entry has yet to judge.</summary>
    /// <param name="entry">An entry that takes part.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="view">The content as the entry sees it.</param>
    /// <param name="hashes">The hashes, turned to the content.</param>
    public UnknownSegments Reduce(PlanEntry entry, GuardrailStage stage, GuardrailContent view, SegmentHashes hashes)
    {
        var unitOf = ArrayPool<int>.Shared.Rent(view.Count);
        var units = ArrayPool<UInt128>.Shared.Rent(view.Count);
        try
        {
            var count = Divide(view, hashes, unitOf, units);

            var judge = entry.CacheKeys![stage];
            for (var unit = 0; unit < count; unit++)
            {
                var key = units[unit] ^ judge;
                units[unit] = _table.Contains(key) ? 0 : key;
            }

            var unknown = Unknown(view, unitOf, units);
            telemetry.Cached(entry.Plugin.Name, view.Count - unknown.Content.Count, unknown.Content.Count);
            return unknown;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(unitOf);
            ArrayPool<UInt128>.Shared.Return(units);
        }
    }

    // What one caller has sent does not answer for what another sends, whose answer would else come a little sooner and tell that somebody has
    // sent it before.
    private UInt128 HashOf(string consumer) => _callers.Of(0, MemoryMarshal.AsBytes(consumer.AsSpan()));

    public void Remember(UInt128 key) => _table.Add(key);

    /// <summary>
    /// Divides a view into what is judged independently: a segment alone, or the parts of a joined text. What is no text belongs to no unit.
    /// </summary>
    private int Divide(GuardrailContent view, SegmentHashes hashes, Span<int> unitOf, Span<UInt128> units)
    {
        var count = 0;
        for (var position = 0; position < view.Count; position++)
        {
            var segment = view[position];
            ref readonly var data = ref segment.Data;
            unitOf[position] = -1;
            if (data.Payload != PayloadKind.Text || hashes.Of(segment, data) is var own && own == 0)
            {
                continue;
            }

            var join = data.Join;
            if (join >= 0 && !hashes.Joins.TryAdd(join, count))
            {
                var unit = unitOf[position] = hashes.Joins[join];
                units[unit] = _joined.Of(units[unit], own);
                continue;
            }

            units[count] = own;
            unitOf[position] = count++;
        }

        hashes.ForgetJoins();
        return count;
    }

    private UnknownSegments Unknown(GuardrailContent view, ReadOnlySpan<int> unitOf, ReadOnlySpan<UInt128> units)
    {
        var kept = 0;
        for (var i = 0; i < view.Count; i++)
        {
            kept += unitOf[i] < 0 || units[unitOf[i]] != 0 ? 1 : 0;
        }

        var indexes = new int[kept];
        var keys = new UInt128[kept];
        kept = 0;
        for (var i = 0; i < view.Count; i++)
        {
            var key = unitOf[i] < 0 ? 0 : units[unitOf[i]];
            if (unitOf[i] < 0 || key != 0)
            {
                indexes[kept] = view[i].Index;
                keys[kept++] = key;
            }
        }

        return new UnknownSegments(this, kept == view.Count ? view : view.Select(indexes), indexes, keys);
    }
}
