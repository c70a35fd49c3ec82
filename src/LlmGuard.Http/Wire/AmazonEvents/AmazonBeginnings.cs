using System.Buffers.Binary;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.AmazonEvents;

/// <summary>
/// Checks messages that begin alike, with the same headers and the same bytes of a payload behind them: of those of one length that part, which is
/// most of a short message, is added up once. For one thread at a time.
/// </summary>
/// <param name="end">Where what they have in common ends, the prelude included.</param>
internal sealed class AmazonBeginnings(int end)
{
    // As many lengths as the words of an answer and their padding bring; where two share a place the last one has it.
    private const int Most = 128;

    private (int Length, uint PreludeSum, uint Sum)[]? _known;

    /// <summary>Whether bytes that begin as those do are one message: its length and both checksums are right.</summary>
    public bool IsMessage(ReadOnlySpan<byte> bytes)
    {
        _known ??= new (int, uint, uint)[Most];
        ref var known = ref _known[bytes.Length % Most];
        if (known.Length == bytes.Length)
        {
            return BinaryPrimitives.ReadInt32BigEndian(bytes) == bytes.Length
                && BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) == known.PreludeSum
                && Crc32.Of(bytes[end..^4], known.Sum) == BinaryPrimitives.ReadUInt32BigEndian(bytes[^4..]);
        }

        // Only a message that is right tells what others of its length begin with.
        if (!AmazonEventFrame.IsMessage(bytes))
        {
            return false;
        }

        known = (bytes.Length, BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), Crc32.Of(bytes[..end]));
        return true;
    }
}
