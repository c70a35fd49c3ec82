using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LlmGuard.Caching;

/// <summary>The hashes of a content's segments, made when first asked for and once for all entries of a stage. For one thread at a time.</summary>
/// <param name="texts">Hashes texts.</param>
/// <param name="headers">Hashes what else is known of segments.</param>
/// <param name="caller">The hash of who sent them, made by another; 0 for nobody.</param>
internal sealed class SegmentHashes(KeyedHash texts, KeyedHash headers, UInt128 caller) : IDisposable
{
    // Room that is not used costs all the same, so it is measured for the names that nearly all segments have.
    private const int UsualNames = 48;
    private const int LongestNames = 256;

    // What comes before the names.
    private const int Fields = 10;

    // Segments of one kind follow each other, or two kinds take turns.
    private KnownHeader _even;
    private KnownHeader _odd;
    private bool _isLastOdd;
    private UInt128[] _hashes = [];
    private GuardrailContent? _content;
    private Dictionary<int, int>? _joins;

    private ref KnownHeader Last => ref _isLastOdd ? ref _odd : ref _even;

    /// <summary>Joined texts met so far in a view, by number. Empty at first; to be forgotten after use.</summary>
    public Dictionary<int, int> Joins => _joins ??= [];

    public void ForgetJoins() => _joins?.Clear();

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
    /// <param name="segment">A text.</param>
    /// <param name="data">The same as it is stored.</param>
    public UInt128 Of(Segment segment, in SegmentData data)
    {
        ref var known = ref _hashes[segment.Index];
        if (known == 0)
        {
            var header = HeaderOf(data);
            known = header == 0 ? 0 : texts.Of(header, segment.Utf8.Span);
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

    private UInt128 HeaderOf(in SegmentData data)
    {
        if (!Last.Is(data))
        {
            _isLastOdd = !_isLastOdd;
            if (!Last.Is(data))
            {
                Last = new KnownHeader(data, NewHeader(data));
            }
        }

        return Last.Hash;
    }

    private UInt128 NewHeader(in SegmentData data)
    {
        var chars = data.Role.Value.Length + data.Kind.Value.Length + (data.Name?.Length ?? 0) + (data.Editability.Reason?.Length ?? 0);
        return chars switch
        {
            <= UsualNames => HeaderOf(data, stackalloc byte[Fields + (UsualNames * sizeof(char))]),
            <= LongestNames => HeaderOf(data, stackalloc byte[Fields + (LongestNames * sizeof(char))]),
            _ => 0,
        };
    }

    private UInt128 HeaderOf(in SegmentData data, Span<byte> header)
    {
        var (role, kind, name, reason) = (data.Role.Value, data.Kind.Value, data.Name, data.Editability.Reason ?? "");
        BinaryPrimitives.WriteInt16LittleEndian(header, (short)role.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header[2..], (short)kind.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header[4..], (short)(name?.Length ?? -1));
        BinaryPrimitives.WriteInt16LittleEndian(header[6..], (short)reason.Length);
        header[8] = (byte)data.Source;
        header[9] = (byte)data.Editability.Scope;
        var rest = MemoryMarshal.Cast<byte, char>(header[Fields..]);
        var room = rest.Length;
        Take(role, ref rest);
        Take(kind, ref rest);
        Take(name, ref rest);
        Take(reason, ref rest);
        return headers.Of(caller, header[..(Fields + ((room - rest.Length) * sizeof(char)))]);
    }

    private static void Take(string? name, ref Span<char> rest)
    {
        name.AsSpan().CopyTo(rest);
        rest = rest[name.AsSpan().Length..];
    }

    /// <summary>The hash of a header, and what it was made of.</summary>
    private readonly struct KnownHeader(in SegmentData data, UInt128 hash)
    {
        private readonly (uint Words, object? More) _said = data.Said;

        public UInt128 Hash => hash;

        /// <summary>Whether it is the header of a segment. Names are compared as objects: equal ones nearly always are the same.</summary>
        public bool Is(in SegmentData data) => hash != 0 && _said.Words == data.Said.Words && ReferenceEquals(_said.More, data.Said.More);
    }
}
