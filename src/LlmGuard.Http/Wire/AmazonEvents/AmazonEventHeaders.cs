using System.Buffers.Binary;
using System.Text.Unicode;

namespace LlmGuard.Http.Wire.AmazonEvents;

/// <summary>The headers of a message, read one by one without allocation. Enumerate it with <c>foreach</c>.</summary>
internal ref struct AmazonEventHeaders(ReadOnlySpan<byte> headers)
{
    // As many as any service sends, several times over; duplicates are looked for pair by pair.
    private const int MaxCount = 64;

    private ReadOnlySpan<byte> _rest = headers;

    public AmazonEventHeader Current { get; private set; }

    /// <summary>Whether every header can be read, none is there twice, and all names and texts are UTF-8.</summary>
    public static bool AreValid(ReadOnlySpan<byte> headers)
    {
        var all = new AmazonEventHeaders(headers);
        for (var count = 0; all.MoveNext(); count++)
        {
            if (count == MaxCount || !Utf8.IsValid(all.Current.Name) || (all.Current.IsText && !Utf8.IsValid(all.Current.Value))
                || IsRepeated(all._rest, all.Current.Name))
            {
                return false;
            }
        }

        return all._rest.IsEmpty;
    }

    /// <summary>The text of a header, or empty when it is not there or no text.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        foreach (var header in new AmazonEventHeaders(headers))
        {
            if (header.Name.SequenceEqual(name))
            {
                return header.IsText ? header.Value : default;
            }
        }

        return default;
    }

    public readonly AmazonEventHeaders GetEnumerator() => this;

    /// <summary>Moves to the next header; false at the end and at one that cannot be read.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var nameLength = _rest[0];
        if (nameLength == 0 || _rest.Length < nameLength + 2)
        {
            return false;
        }

        var type = _rest[nameLength + 1];
        var value = _rest[(nameLength + 2)..];
        var lengthBytes = type is AmazonEventHeader.Bytes or AmazonEventHeader.Text ? 2 : 0;
        if (value.Length < lengthBytes)
        {
            return false;
        }

        var length = type switch
        {
            0 or 1 => 0,
            2 => 1,
            3 => 2,
            4 => 4,
            5 or 8 => 8,
            AmazonEventHeader.Bytes or AmazonEventHeader.Text => BinaryPrimitives.ReadUInt16BigEndian(value),
            9 => 16,
            _ => int.MaxValue,
        };
        if (length > value.Length - lengthBytes)
        {
            return false;
        }

        Current = new AmazonEventHeader(_rest.Slice(1, nameLength), type, value.Slice(lengthBytes, length));
        _rest = value[(lengthBytes + length)..];
        return true;
    }

    private static bool IsRepeated(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name)
    {
        foreach (var header in new AmazonEventHeaders(rest))
        {
            if (header.Name.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>One header of a message.</summary>
internal readonly ref struct AmazonEventHeader(ReadOnlySpan<byte> name, byte type, ReadOnlySpan<byte> value)
{
    public const byte Bytes = 6;
    public const byte Text = 7;

    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The bytes of the value, of a text or byte array without their length.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Whether the value is a text.</summary>
    public bool IsText => type == Text;
}
