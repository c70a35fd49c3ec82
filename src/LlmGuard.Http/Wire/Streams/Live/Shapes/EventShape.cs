using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using LlmGuard.Http.Dialects.Bedrock;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Edits;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live.Shapes;

/// <summary>
/// What events of a stream have in common that differ in one text only, and in their number and their padding where they have those. An event of
/// these bytes with a well-formed string and a number between them is read by comparing: a reader would come to that string in the same state, and
/// leave it so.
/// </summary>
internal sealed class EventShape
{
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Select(static b => (byte)b).Where(static b =>
            b is not ((byte)'"' or (byte)'\\'))]);

    private static readonly SearchValues<byte> Stops =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static b => (byte)b), (byte)'"', (byte)'\\']);

    // More than any stream has events.
    private const int MostDigits = 15;

    // OpenAI's has at most a few dozen letters.
    private const int LongestPadding = 256;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    // Of a binary message the lengths and checksums are left out, which its framing has looked at.
    private readonly int _prelude;
    private readonly int _trailer;
    private readonly int _headersLength;
    private readonly AmazonBeginnings? _messages;
    private readonly byte[] _head;
    private readonly Slot[] _slots;
    private readonly TextSpan _json;
    private readonly int _behindJson;
    private readonly LoneScan? _padding;

    private EventShape(
        ReadOnlySpan<byte> frame, StreamForm form, TextSpan json, List<(TextSpan Place, SlotKind Kind)> places, in LivePiece piece, LoneScan? padding,
        bool tellsUsage)
    {
        _prelude = form == StreamForm.AmazonEvents ? AmazonEventFrame.PreludeLength : 0;
        _trailer = Trailer(form);
        _headersLength = json.Start - _prelude;

        _head = frame[_prelude..places[0].Place.Start].ToArray();
        _messages = _prelude > 0 ? new AmazonBeginnings(places[0].Place.Start) : null;
        _slots = new Slot[places.Count];
        for (var i = 0; i < places.Count; i++)
        {
            var behind = i + 1 < places.Count ? places[i + 1].Place.Start : frame.Length - _trailer;
            _slots[i] = new Slot(places[i].Kind, frame[places[i].Place.End..behind].ToArray());
        }

        MayBeCut = form switch
        {
            StreamForm.AmazonEvents => true,
            StreamForm.Array => ArrayFraming.GoesOn(frame),
            _ => _slots[^1].Behind is [.., (byte)'\n'],
        };
        TellsUsage = tellsUsage;
        AreNumbered = Array.Exists(_slots, static slot => slot.Kind == SlotKind.Number);
        _json = json;
        _behindJson = frame.Length - json.End;
        Channel = piece.Channel;
        Part = piece.Run?.Part;
        _padding = padding;
    }

    public LiveChannel Channel { get; }

    /// <summary>The part that the text belongs to; null where it has none.</summary>
    public PartText? Part { get; }

    /// <summary>Whether no more of its text is expected: what still comes of it is read in full.</summary>
    public bool IsOver => Channel.HasEnded || Part is { IsOver: true };

    /// <summary>
    /// Whether its events are known to begin and end where they do, whatever stands around them: a line feed behind a return at the end would belong
    /// to them, and the bracket before the first item of an array stands before no other.
    /// </summary>
    public bool MayBeCut { get; }

    /// <summary>Whether its events have numbers. Those that have none say the same but for their text.</summary>
    public bool AreNumbered { get; }

    /// <summary>Whether numbers in them may tell what the call used: of those that arrived together the last ones count.</summary>
    public bool TellsUsage { get; }

    /// <summary>The shape of an event, or null when more than one string of it could matter.</summary>
    /// <param name="read">The event.</param>
    /// <param name="form">How the stream is cut into events.</param>
    /// <param name="open">Opens the scan of the paddings of events of the shape; null where they have to be judged with the rest of the
    /// event.</param>
    public static EventShape? Of(LiveEvent read, StreamForm form, Func<SegmentInfo, LoneScan?> open)
    {
        if (read is not { Pieces: [var piece], Calls.Count: 0, LineValues.Count: 0, Edits.Length: 0, WholeEdits.Length: 0 }
            || piece.Channel.Info.Kind == SegmentKind.Unknown
            || JsonOf(read, form) is not ({ } json, var line)
            || json.StringOf(piece.Segment) is not { } text)
        {
            return null;
        }

        List<(TextSpan Place, SlotKind Kind)> places =
        [
            (text, SlotKind.Text), .. json.Counters.Select(static c => (c, SlotKind.Number)), .. json.Fills.Select(static f => (f, SlotKind.Fill)),
        ];
        LoneScan? padding = null;
        if (json.Paddings is [var (place, segment)] && (padding = open(read.Content.At(segment).Data.Info)) is not null)
        {
            places.Add((place, SlotKind.Padding));
        }

        places = places.ConvertAll(p => (p.Place with { Start = line.Start + p.Place.Start }, p.Kind));
        places.Sort(static (a, b) => a.Place.Start.CompareTo(b.Place.Start));
        return new EventShape(read.Raw, form, line, places, piece, padding, json is { Usage: not null, Counters.Count: > 0 });
    }

    /// <summary>Whether bytes begin with an event of the shape, and where its text stands.</summary>
    public bool TryMatch(ReadOnlySpan<byte> bytes, out KnownEvent found)
    {
        found = default;
        if (_prelude > 0 && (bytes.Length < _prelude || BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) != _headersLength))
        {
            return false;
        }

        if (!bytes[_prelude..].StartsWith(_head))
        {
            return false;
        }

        var at = _prelude + _head.Length;
        var text = default(TextSpan);
        var padding = default(TextSpan);
        var isPlain = true;
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            var rest = bytes[at..];
            int length;
            switch (slot.Kind)
            {
                case SlotKind.Text:
                    length = LengthOfText(rest, out isPlain);
                    text = new TextSpan(at, length);
                    break;
                case SlotKind.Padding:
                    length = LengthOfPadding(rest);
                    padding = new TextSpan(at, length);
                    break;
                case SlotKind.Fill:
                    length = rest.CommonPrefixLength(PaddingPlace.Alphabet);
                    break;
                default:
                    length = LengthOfNumber(rest);
                    break;
            }

            if (length < 0 || !rest[length..].StartsWith(slot.Behind))
            {
                return false;
            }

            at += length + slot.Behind.Length;
        }

        found = new KnownEvent(at + _trailer, text, padding, isPlain);
        return found.Length <= bytes.Length;
    }

    /// <summary>Whether bytes of a stream begin with an event of the shape that its framing would cut there, and not refuse.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="found">Receives where its text stands.</param>
    public bool TryCut(ReadOnlySpan<byte> bytes, out KnownEvent found)
    {
        found = default;
        return MayBeCut && TryMatch(bytes, out found) && (_messages is null || _messages.IsMessage(bytes[..found.Length]));
    }

    /// <summary>Whether an event has the shape.</summary>
    public bool IsOf(ReadOnlySpan<byte> frame) => TryMatch(frame, out var found) && found.Length == frame.Length;

    /// <summary>Whether nothing is found in what else an event says. What is has to be judged in full.</summary>
    public bool IsClean(ReadOnlySpan<byte> frame, in KnownEvent found) =>
        found.Padding.Length == 0 || _padding!.IsClean(frame.Slice(found.Padding.Start, found.Padding.Length));

    /// <summary>Writes the text of an event.</summary>
    /// <param name="frame">The event.</param>
    /// <param name="found">What is known of it.</param>
    /// <param name="target">Gets the text; at least as long as it stands in the event.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteText(ReadOnlySpan<byte> frame, in KnownEvent found, Span<byte> target)
    {
        var raw = frame.Slice(found.Text.Start, found.Text.Length);
        if (!found.IsPlain)
        {
            return JsonEscapes.Unescape(raw, target);
        }

        raw.CopyTo(target);
        return raw.Length;
    }

    /// <summary>The JSON text that an event carries.</summary>
    public ReadOnlySpan<byte> Json(ReadOnlySpan<byte> frame) => frame[_json.Start..^_behindJson];

    /// <summary>The event with edits of its text.</summary>
    /// <param name="frame">The event.</param>
    /// <param name="edits">Edits of the text, ascending.</param>
    /// <returns>The bytes, or null when an edit cannot be carried out.</returns>
    public byte[]? Rewrite(ReadOnlyMemory<byte> frame, List<TextEdit> edits)
    {
        if (!TryMatch(frame.Span, out var found))
        {
            return null;
        }

        var origin = new SegmentOrigin
        {
            Kind = OriginKind.String,
            Start = found.Text.Start,
            Length = found.Text.Length,
            HasEscapes = frame.Span.Slice(found.Text.Start, found.Text.Length).Contains((byte)'\\'),
            Nested = -1,
            Scope = -1,
        };
        var mapper = new RawEditMapper(frame);
        var splices = new List<RawEdit>(edits.Count);
        foreach (var edit in edits)
        {
            if (mapper.Map(origin, edit.Span, edit.Utf8) is not { } splice)
            {
                return null;
            }

            splices.Add(splice);
        }

        var rewritten = RawEdit.Apply(frame.Span, splices);
        if (_prelude > 0)
        {
            var message = new ArrayBufferWriter<byte>(rewritten.Length);
            AmazonEventWriter.Write(message, rewritten.AsSpan(_prelude, _headersLength), rewritten.AsSpan(_prelude + _headersLength)[..^_trailer]);
            rewritten = message.WrittenSpan.ToArray();
        }

        return IsOf(rewritten) ? rewritten : null;
    }

    private static int Trailer(StreamForm form) => form == StreamForm.AmazonEvents ? AmazonEventFrame.Overhead - AmazonEventFrame.PreludeLength : 0;

    /// <summary>The JSON text of an event that is nothing else, and where it stands.</summary>
    private static (JsonBody? Json, TextSpan Place) JsonOf(LiveEvent read, StreamForm form) => read.Frames switch
    {
        [LineFrame { Lines: [var line], Json: { } json }] => (json, line.Value),

        // An item of an array stands where it is replaced, the payload of a message before the checksum.
        [FramedPiece { Json: { } json } piece] => (json, new TextSpan(read.Raw.Length - Trailer(form) - piece.Text.Length, piece.Text.Length)),
        _ => default,
    };

    /// <summary>Bytes up to the quote that ends a string; -1 when it is not well-formed or its end is not there.</summary>
    private static int LengthOfText(ReadOnlySpan<byte> bytes, out bool isPlain)
    {
        var at = LengthOfWord(bytes);
        at = at >= 0 ? at : bytes.IndexOfAnyExcept(Plain);
        isPlain = at >= 0 && bytes[at] == '"';
        if (isPlain || at < 0)
        {
            return at;
        }

        while (true)
        {
            var stop = bytes[at..].IndexOfAny(Stops);
            if (stop < 0 || bytes[at + stop] < 0x20)
            {
                return -1;
            }

            at += stop;
            if (bytes[at] == '"')
            {
                return JsonEscapes.IsWellFormed(bytes[..at]) ? at : -1;
            }

            at += 2;
            if (at > bytes.Length)
            {
                return -1;
            }
        }
    }

    /// <summary>Plain bytes before the first other one, where that is near: most events bring a word. -1 for more than that.</summary>
    private static int LengthOfWord(ReadOnlySpan<byte> bytes)
    {
        if (!Vector256.IsHardwareAccelerated || bytes.Length < Vector256<byte>.Count)
        {
            return -1;
        }

        // Of signed bytes, control characters and all that is not ASCII are below the space.
        var next = Vector256.Create(bytes);
        var odd = Vector256.LessThan(next.AsSByte(), Vector256.Create((sbyte)' ')).AsByte()
            | Vector256.Equals(next, Vector256.Create((byte)'"')) | Vector256.Equals(next, Vector256.Create((byte)'\\'));
        return odd == Vector256<byte>.Zero ? -1 : BitOperations.TrailingZeroCount(odd.ExtractMostSignificantBits());
    }

    /// <summary>Bytes of a whole number; -1 when there is none.</summary>
    private static int LengthOfNumber(ReadOnlySpan<byte> bytes)
    {
        var length = bytes[..Math.Min(bytes.Length, MostDigits + 1)].IndexOfAnyExcept(Digits);
        return length <= 0 || (bytes[0] == '0' && length > 1) ? -1 : length;
    }

    /// <summary>Bytes up to the quote that ends padding, which is plain and short; -1 for other strings.</summary>
    private static int LengthOfPadding(ReadOnlySpan<byte> bytes)
    {
        var at = LengthOfWord(bytes);
        at = at >= 0 ? at : bytes[..Math.Min(bytes.Length, LongestPadding + 1)].IndexOfAnyExcept(Plain);
        return at >= 0 && bytes[at] == '"' ? at : -1;
    }

    /// <summary>What differs, and the bytes behind it up to the next.</summary>
    private readonly record struct Slot(SlotKind Kind, byte[] Behind);

    private enum SlotKind
    {
        Text,
        Number,
        Padding,
        Fill,
    }
}

/// <summary>An event of a known shape.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Text">Where the raw text stands in it.</param>
/// <param name="Padding">Where its padding stands; empty where it has none.</param>
/// <param name="IsPlain">Whether the text stands there as it is.</param>
internal readonly record struct KnownEvent(int Length, TextSpan Text, TextSpan Padding, bool IsPlain);
