using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Caching;

/// <summary>The hashes of a content's segments, made when first asked for and once for all entries of a stage. For one thread at a time.</summary>
/// <param name="hash">Hashes texts.</param>
/// <param name="caller">The hash of who sent them, made by another; 0 for nobody.</param>
internal sealed class SegmentHashes(KeyedHash hash, UInt128 caller) : IDisposable
{
    // Room that is not used is cleared all the same, so it is measured for the names that nearly all segments have.
    private const int UsualNames = 48;
    private const int LongestNames = 256;

    // What comes before the names: how long everything is, and who sent it.
    private const int Fields = 32;

    // Segments of one kind follow each other, or two kinds take turns: what their headers say but for the length is the same again and again.
    private KnownHeader _even;
    private KnownHeader _odd;
    private bool _isLastOdd;
    private UInt128[] _hashes = [];
    private GuardrailContent? _content;
    private Dictionary<int, int>? _joins;

    private ref KnownHeader Last => ref _isLastOdd ? ref _odd : ref _even;

    /// <summary>Joined texts met so far in a view, by number. Empty at first; to be cleared after use.</summary>
    public Dictionary<int, int> Joins => _joins ??= [];

    /// <summary>
    /// Turns to a content: the stage's, or what an entry's edits have left of it. Texts that are the same memory keep their hashes.
    /// </summary>
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
        if (!Last.Is(data))
        {
            _isLastOdd = !_isLastOdd;
            if (!Last.Is(data))
            {
                return MakeNew(segment, data);
            }
        }

        return hash.Of(Last.Bytes, segment.Utf8.Span);
    }

    private UInt128 MakeNew(Segment segment, in SegmentData data)
    {
        var chars = data.Role.Value.Length + data.Kind.Value.Length + (data.Name?.Length ?? 0) + (data.Editability.Reason?.Length ?? 0);
        return chars switch
        {
            <= UsualNames => Of(data, stackalloc byte[HeaderOf(UsualNames)], HeaderOf(chars), segment.Utf8.Span),
            <= LongestNames => Of(data, stackalloc byte[HeaderOf(LongestNames)], HeaderOf(chars), segment.Utf8.Span),
            _ => 0,
        };
    }

    private UInt128 Of(in SegmentData data, Span<byte> room, int length, ReadOnlySpan<byte> text)
    {
        var header = room[..length];
        header.Clear();
        var editability = data.Editability;
        var (role, kind, name, reason) = (data.Role.Value, data.Kind.Value, data.Name, editability.Reason ?? "");
        BinaryPrimitives.WriteInt16LittleEndian(header[KeyedHash.Reserved..], (short)length);
        BinaryPrimitives.WriteInt16LittleEndian(header[6..], (short)role.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header[8..], (short)kind.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header[10..], (short)(name?.Length ?? -1));
        BinaryPrimitives.WriteInt16LittleEndian(header[12..], (short)reason.Length);
        header[14] = (byte)data.Source;
        header[15] = (byte)editability.Scope;
        BinaryPrimitives.WriteUInt128LittleEndian(header[16..], caller);
        var rest = MemoryMarshal.Cast<byte, char>(header[Fields..]);
        Take(role, ref rest);
        Take(kind, ref rest);
        Take(name, ref rest);
        Take(reason, ref rest);
        Last.Keep(data, header);
        return hash.Of(header, text);
    }

    private static int HeaderOf(int chars) => (Fields + (chars * sizeof(char)) + KeyedHash.Block - 1) / KeyedHash.Block * KeyedHash.Block;

    /// <summary>A header of one block, and what it was made of.</summary>
    private struct KnownHeader
    {
        private string? _role;
        private string? _kind;
        private string? _name;
        private string? _reason;
        private SegmentSource _source;
        private EditScope _scope;
        private HeaderBytes _bytes;

        [UnscopedRef]
        public Span<byte> Bytes => _bytes;

        /// <summary>Whether it is the header of a segment. Words are compared as objects: equal ones nearly always are the same.</summary>
        public readonly bool Is(in SegmentData data) =>
            (object)data.Role.Value == _role
            && (object)data.Kind.Value == _kind
            && (object?)data.Name == _name
            && (object?)data.Editability.Reason == _reason
            && data.Source == _source
            && data.Editability.Scope == _scope;

        public void Keep(in SegmentData data, ReadOnlySpan<byte> header)
        {
            if (header.Length != KeyedHash.Block)
            {
                _role = null;
                return;
            }

            (_role, _kind, _name, _reason) = (data.Role.Value, data.Kind.Value, data.Name, data.Editability.Reason);
            (_source, _scope) = (data.Source, data.Editability.Scope);
            header.CopyTo(_bytes);
        }
    }

    [InlineArray(KeyedHash.Block)]
    private struct HeaderBytes
    {
        private byte _first;
    }

    private static void Take(string? name, ref Span<char> rest)
    {
        name.AsSpan().CopyTo(rest);
        rest = rest[name.AsSpan().Length..];
    }
}
