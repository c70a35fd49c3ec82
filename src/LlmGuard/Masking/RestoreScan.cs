using LlmGuard.Streaming;

namespace LlmGuard.Masking;

/// <summary>
/// Finds the placeholders to restore in one text of an answer, which may arrive in pieces; the same ones however it is cut. Used by one thread at a
/// time.
/// </summary>
/// <param name="masks">The call's vaults.</param>
/// <param name="tool">The tool in whose arguments the text stands; null in words, where nothing is put into a link.</param>
internal sealed class RestoreScan(CallMasks masks, string? tool = null)
{
    // What follows a placeholder may make a host's name of it.
    private const int Right = 2;

    /// <summary>Most bytes that wait for what follows them.</summary>
    public const int HoldBack = Placeholder.MaxLength + Right;

    private readonly TextWindow _text = new();
    private readonly LinkWatch _links = new();

    /// <summary>Bytes that have arrived.</summary>
    public long Length => _text.End;

    /// <summary>Offset up to which it is known what is restored.</summary>
    public long Decided { get; private set; }

    /// <summary>What is restored, ascending, until <see cref="Forget"/> drops it.</summary>
    public List<DecidedEdit> Edits { get; } = [];

    /// <summary>Takes the text's next piece.</summary>
    /// <param name="text">Its bytes.</param>
    /// <param name="isEnd">Whether the text ends with it.</param>
    public void Advance(ReadOnlySpan<byte> text, bool isEnd)
    {
        _text.Append(text);
        var pending = _text.Slice(Decided, _text.End);
        var at = 0;
        while (at < pending.Length)
        {
            var plain = pending[at..].IndexOf((byte)'[');
            plain = plain < 0 ? pending.Length - at : plain;
            _links.Read(pending.Slice(at, plain));
            at += plain;
            if (at == pending.Length)
            {
                break;
            }

            var isPlaceholder = Placeholder.Read(pending[at..], out var length);
            if (!isEnd && (isPlaceholder is null || pending.Length < at + length + (length > 0 ? Right : 0)))
            {
                break;
            }

            at += Take(pending[at..], isPlaceholder == true ? length : 0, Decided + at);
        }

        Decided += at;
        _text.DropBefore(Decided);
    }

    /// <summary>Drops what is restored before an offset.</summary>
    public void Forget(long before) => Edits.RemoveAll(edit => edit.End <= before);

    private int Take(ReadOnlySpan<byte> rest, int length, long start)
    {
        var isAllowed = length > 0 && (tool is not null || (!_links.IsInLink && !LinkWatch.ContinuesHost(rest[length..])));
        if (isAllowed && masks.TryOpen(rest[..length], tool, out var original))
        {
            Edits.Add(new DecidedEdit(start, length, original));

            // What is put in may itself begin an address.
            _links.Read(original);
            return length;
        }

        length = Math.Max(length, 1);
        _links.Read(rest[..length]);
        return length;
    }
}
