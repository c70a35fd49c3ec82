using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LlmGuard.Caching;

/// <summary>The hashes of a content's segments, made when first asked for and once for all entries of a stage. For one thread at a time.</summary>
internal sealed class SegmentHashes(KeyedHash hash, string? consumer) : IDisposable
{
    private const int LongestNames = 256;

    // What one caller has sent does not answer for what another sends, whose answer would else come a little sooner and tell that somebody has
    // sent it before.
    private readonly UInt128 _caller = consumer is null ? 0 : hash.Of(new byte[KeyedHash.Block], MemoryMarshal.AsBytes(consumer.AsSpan()));

    private UInt128[] _hashes = [];
    private GuardrailContent? _content;
    private Dictionary<int, int>? _joins;

    /// <summary>Joined texts met so far in a view, by number. Empty at first; to be cleared after use.</summary>
    public Dictionary<int, int> Joins => _joins ??= [];

    /// <summary>Turns to a content: the stage's, or what an entry's edits have left of it. Texts that are the same memory keep their hashes.</summary>
    public void TurnTo(GuardrailContent content)
    {
        if (_content is null)
        {
            _hashes = ArrayPool<UInt128>.Shared.Rent(content.TotalCount);
            _hashes.AsSpan(0, content.TotalCount).Clear();
        }
        else if (!ReferenceEquals(_content, content))
        {
            for (var i = 0; i < content.TotalCount; i++)
            {
                if (!content.DataAt(i).Utf8.Equals(_content.DataAt(i).Utf8))
                {
                    _hashes[i] = 0;
                }
            }
        }

        _content = content;
    }

    /// <summary>The hash of the caller and all that an evaluator may judge a text by; 0 when it has none, because its names are too long.</summary>
    public UInt128 Of(Segment segment)
    {
        ref var known = ref _hashes[segment.Index];
        if (known == 0)
        {
            known = Make(segment);
        }

        return known;
    }

    public void Dispose()
    {
        if (_content is not null)
        {
            _content = null;
            ArrayPool<UInt128>.Shared.Return(_hashes);
            _hashes = [];
        }
    }

    private UInt128 Make(Segment segment)
    {
        ref readonly var data = ref segment.Data;
        var editability = data.Editability;
        var (role, kind, name, reason) = (data.Role.Value, data.Kind.Value, data.Name, editability.Reason ?? "");
        var chars = role.Length + kind.Length + (name?.Length ?? 0) + reason.Length;
        if (chars > LongestNames)
        {
            return 0;
        }

        Span<byte> header = stackalloc byte[KeyedHash.Block + (LongestNames * sizeof(char))];
        var text = segment.Utf8.Span;
        header = header[..(KeyedHash.Block + (((chars * sizeof(char)) + KeyedHash.Block - 1) / KeyedHash.Block * KeyedHash.Block))];
        header.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(header, (short)header.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header[2..], (short)role.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header[4..], (short)kind.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header[6..], (short)(name?.Length ?? -1));
        BinaryPrimitives.WriteInt16LittleEndian(header[8..], (short)reason.Length);
        header[10] = (byte)data.Source;
        header[11] = (byte)editability.Scope;
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], text.Length);
        BinaryPrimitives.WriteUInt128LittleEndian(header[16..], _caller);
        var rest = MemoryMarshal.Cast<byte, char>(header[KeyedHash.Block..]);
        foreach (var part in (ReadOnlySpan<string?>)[role, kind, name, reason])
        {
            part.AsSpan().CopyTo(rest);
            rest = rest[part.AsSpan().Length..];
        }

        return hash.Of(header, text);
    }
}
