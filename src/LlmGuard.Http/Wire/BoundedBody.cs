using System.Globalization;
using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire;

/// <summary>
/// A body that was read, decompressed and measured. Its room goes back to the budget, and bytes that are lent go back to their pool, when it is
/// disposed and nobody who retained it still reads.
/// </summary>
internal sealed class BoundedBody : SharedLease, IDisposable
{
    private int _isDisposed;

    private BoundedBody(params ReadOnlySpan<IDisposable?> owned)
    {
        foreach (var part in owned)
        {
            if (part is not null)
            {
                Attach(part);
            }
        }
    }

    /// <summary>The decoded bytes; up to where reading stopped when <see cref="Failure"/> is set.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>
    /// The bytes as they came, kept only when <see cref="Failure"/> is set: a call that nobody enforces goes on with these and then with the
    /// rest of the stream. Empty at 503, which is final.
    /// </summary>
    public ReadOnlyMemory<byte> Raw { get; private init; }

    /// <summary>Bytes as they came, before decompression.</summary>
    public long WireBytes { get; private init; }

    /// <summary>Why reading stopped, or null.</summary>
    public GuardrailFailure? Failure { get; private init; }

    /// <summary>Status of a refusal when <see cref="Failure"/> is set: 413, 415, 400; 503 when the process is out of room.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Which limit it passed: half a sentence for whoever is refused; null where <see cref="Failure"/> is none of size.</summary>
    public string? Detail { get; private init; }

    /// <summary>Whether the body was encoded, so that it is now to be sent on without a Content-Encoding.</summary>
    public bool WasEncoded { get; private init; }

    /// <summary>Reads a body to its end or to a limit. Encodings: gzip, deflate, br, chained too; anything else is 415.</summary>
    /// <param name="stream">The body as it comes from the wire.</param>
    /// <param name="contentEncoding">The Content-Encoding values, or empty.</param>
    /// <param name="maxBytes">Most decoded bytes, and most encoded ones: the smaller of the plan's and the entries' own limits.</param>
    /// <param name="limits">The plan's limits, for the inflation ratio.</param>
    /// <param name="budget">The process-wide room.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <param name="isLent">Whether the bytes go back to a pool when the body is disposed, for readers who retain it while they read.</param>
    /// <param name="statedLength">The length that the sender states, or null. One over the limit is taken at its word, and nothing is read.</param>
    /// <remarks>
    /// Holds at most about twice the body, for a moment, and the encoded bytes beside it; never more than was read, whatever length is stated.
    /// </remarks>
    public static async ValueTask<BoundedBody> ReadAsync(
        Stream stream,
        IReadOnlyList<string> contentEncoding,
        long maxBytes,
        PlanLimits limits,
        HeldBytesBudget budget,
        CancellationToken cancellationToken,
        bool isLent = false,
        long? statedLength = null)
    {
        if (!ContentCoding.TryParse(contentEncoding, out var codings))
        {
            return Unsupported();
        }

        if (statedLength > maxBytes)
        {
            return StatedTooLong(maxBytes);
        }

        var room = new HeldRoom(budget);
        try
        {
            using var chunks = new ChunkedBytes(room, maxBytes);
            while (chunks.TryGetFree(out var free))
            {
                var read = await stream.ReadAsync(free, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                chunks.Advance(read);
            }

            return Of(chunks, room, codings, maxBytes, limits, isLent, cancellationToken);
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }

    /// <summary>A body in an encoding that nobody here reads.</summary>
    public static BoundedBody Unsupported() => new() { Failure = Input(FailureReasons.UnsupportedEncoding), StatusCode = 415 };

    /// <summary>A body that is longer than may be read by what its sender states; nothing of it was read.</summary>
    public static BoundedBody StatedTooLong(long maxBytes) =>
        new() { Failure = Input(FailureReasons.LimitExceeded), StatusCode = 413, Detail = TooLong(maxBytes) };

    /// <summary>A body that has been collected; takes over its room.</summary>
    public static BoundedBody Of(
        ChunkedBytes chunks, HeldRoom room, ContentCoding[] codings, long maxBytes,
            PlanLimits limits, bool isLent, CancellationToken cancellationToken)
    {
        if (isLent && codings.Length == 0 && chunks.Length is var length && chunks.TryLend() is { } lent)
        {
            return new BoundedBody(room, lent) { Bytes = lent.Memory[..(int)length], WireBytes = length };
        }

        var (raw, stop) = chunks.Join();
        return codings.Length == 0 || stop != BodyStop.None || raw.Length == 0
            ? Finish(room, raw, raw, raw.Length, stop, wasEncoded: codings.Length > 0 && stop == BodyStop.None, TooLong(maxBytes))
            : Decode(room, codings, raw, maxBytes, limits.MaxInflateRatio, cancellationToken);
    }

    /// <summary>A body that is in memory already and not encoded. Its room is the caller's business.</summary>
    public static BoundedBody Over(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes, WireBytes = bytes.Length };

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Release();
        }
    }

    private static BoundedBody Decode(
        HeldRoom room, ContentCoding[] codings, byte[] raw, long maxBytes, int maxRatio, CancellationToken cancellationToken)
    {
        var input = raw;
        var ratio = new InflateRatio(raw.Length, maxRatio);
        for (var i = codings.Length - 1; i >= 0; i--)
        {
            using var chunks = new ChunkedBytes(room, maxBytes);
            var stop = codings[i].Decode(input, chunks, ratio, cancellationToken);
            if (!ReferenceEquals(input, raw))
            {
                room.Release(input.Length);
            }

            (input, var joinStop) = chunks.Join();
            stop = stop == BodyStop.None || joinStop == BodyStop.OutOfRoom ? joinStop : stop;
            if (stop != BodyStop.None)
            {
                var isLong = input.Length > maxBytes;
                return Finish(room, input, raw, raw.Length, stop, wasEncoded: true, isLong ? TooLong(maxBytes) : TooPacked(maxRatio));
            }
        }

        room.Release(raw.Length);
        return Finish(room, input, null, raw.Length, BodyStop.None, wasEncoded: true, tooLarge: null);
    }

    private static BoundedBody Finish(
        HeldRoom room, byte[] bytes, byte[]? raw, long wireBytes, BodyStop stop, bool wasEncoded, string? tooLarge)
    {
        if (stop == BodyStop.OutOfRoom)
        {
            room.Dispose();
            return new BoundedBody { WireBytes = wireBytes, Failure = Input(FailureReasons.LimitExceeded), StatusCode = 503 };
        }

        return new BoundedBody(room)
        {
            Bytes = bytes,
            Raw = stop == BodyStop.None ? default : raw,
            WireBytes = wireBytes,
            WasEncoded = wasEncoded,
            Failure = stop switch
            {
                BodyStop.None => null,
                BodyStop.TooLarge => Input(FailureReasons.LimitExceeded),
                _ => Input(FailureReasons.Undecodable),
            },
            StatusCode = stop switch { BodyStop.None => 0, BodyStop.TooLarge => 413, _ => 400 },
            Detail = stop == BodyStop.TooLarge ? tooLarge : null,
        };
    }

    /// <summary>Tells the limit that a body has passed, and the key of the policy that moves it.</summary>
    public static string TooLong(long maxBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"it is longer than the {maxBytes} bytes that the policy allows (max_body_bytes)");

    private static string TooPacked(int maxRatio) =>
        string.Create(CultureInfo.InvariantCulture, $"it unpacks to more than {maxRatio} times its size (max_inflate_ratio of the policy)");

    private static GuardrailFailure Input(string reason) => new(FailureClass.Input, reason);
}
