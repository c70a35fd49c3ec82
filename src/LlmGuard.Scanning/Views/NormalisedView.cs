using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Views;

/// <summary>
/// The text as a reader or a model takes it: escapes resolved, compatibility forms and look-alikes in their plain shape, nothing invisible. It begins
/// to exist where it first differs from the text; up to there both are the same.
/// </summary>
internal sealed class NormalisedView(int limit, bool keepsLetters = false)
{
    private static readonly PlainRows PlainRows = new(CasedFold.Find);

    private readonly ViewText _text = new(limit);
    private int _ignorables;

    /// <summary>Whether it differs from the text.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether an escape was resolved. Without, every character of the view was made from one of the text.</summary>
    public bool HasResolved { get; private set; }

    /// <summary>The view, once it is active.</summary>
    public ViewText Text => _text;

    /// <summary>Offset in the original up to which it is made.</summary>
    public long Next { get; private set; }

    /// <summary>Characters looked at one by one.</summary>
    public long Steps { get; private set; }

    public void Reset()
    {
        if (IsActive)
        {
            _text.Reset(0, 0);
        }

        (IsActive, HasResolved, Next, _ignorables, Steps) = (false, false, 0, 0, 0);
    }

    /// <summary>Takes what is known of the text. What is left at its end could be another character if the text went on.</summary>
    /// <exception cref="ScanBoundException">Too many characters that nobody sees stand in a row.</exception>
    public void Take(in ScanWindow window)
    {
        var bytes = window.Bytes;
        var reader = new EscapeReader(bytes, window.IsEnd);
        var (at, characters) = ((int)(Next - window.Origin), 0);

        // Where what is taken as it is begins: letters of a script that has no look-alikes too, so that a row of words is copied at once.
        var same = at;
        while (at < bytes.Length)
        {
            if (bytes[at] < 0x80)
            {
                if (IsActive && TakeRow(window, ref at, ref same, ref characters))
                {
                    continue;
                }

                if (LengthOfPlain(bytes, at) is > 0 and var plain)
                {
                    at += plain;
                    continue;
                }
            }

            Unit unit;
            int entry;
            if (bytes[at] >= 0x80)
            {
                if (PassLetters(window, ref at, ref same, ref characters))
                {
                    continue;
                }

                characters++;
                var value = CodePoint.Read(bytes, at, out var width);
                entry = EntryOf(value);
                if (entry == value)
                {
                    at += width;
                    continue;
                }

                if ((uint)entry < 0x80 && IsActive)
                {
                    // Most are letters that look like one of ASCII, or such a letter with an accent.
                    Copy(window, same, at - same);
                    _ignorables = 0;
                    _text.AppendUnit((byte)entry, window.Origin + at, window.Origin + at + width);
                    at += width;
                    same = at;
                    continue;
                }

                unit = new Unit(value, at + width, false, false);
            }
            else
            {
                unit = reader.Read(at);
                if (unit.IsByte)
                {
                    unit = Assemble(ref reader, unit);
                }

                if (reader.IsOpen)
                {
                    break;
                }

                HasResolved |= unit.IsEscape;
                entry = EntryOf(unit.Value);
            }

            Copy(window, same, at - same);
            Append(window, at, unit, entry);
            (at, same) = (unit.End, unit.End);
        }

        Copy(window, same, at - same);
        Steps += reader.Steps + characters;
        Next = window.Origin + at;
    }

    /// <summary>Passes over what is known to stand for itself, as long as the view is the text.</summary>
    /// <param name="end">Where that ends.</param>
    public void Pass(long end) => Next = end;

    // Text with a quote, a dash or an accent now and then. Where letters are kept, such a character is not read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TakeRow(in ScanWindow window, ref int at, ref int same, ref int characters)
    {
        var bytes = window.Bytes;
        if (keepsLetters || at + 1 >= bytes.Length || bytes[at + 1] >= 0x80)
        {
            return false;
        }

        Copy(window, same, at - same);
        var taken = _text.AppendRow(bytes[at..], window.Origin + at, out var units);
        characters += units;
        _ignorables = taken > 0 ? 0 : _ignorables;
        at += taken;
        same = at;
        return taken > 0;
    }

    // Rows of letters, most of which stand for themselves or for one letter of ASCII.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool PassLetters(in ScanWindow window, ref int at, ref int same, ref int characters)
    {
        var bytes = window.Bytes;
        var start = at;
        if (bytes[at] >= 0xE0)
        {
            at = PlainRows.EndOf(bytes, at);
        }
        else if (IsActive && !keepsLetters && LetterPairs.MayBegin(bytes[at]))
        {
            Copy(window, same, at - same);
            at += _text.AppendLetters(bytes[at..], window.Origin + at, LetterPairs.Cased);
            _ignorables = at > start ? 0 : _ignorables;
            same = at;
        }

        characters += (at - start) / 2;
        return at > start;
    }

    // Between two words of another script there is one character of ASCII, for which nobody is called.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LengthOfPlain(ReadOnlySpan<byte> bytes, int at) =>
        bytes[at] == ' ' && at + 1 < bytes.Length && bytes[at + 1] >= 0x80 ? 1 : EscapeSigns.LengthOfPlain(bytes[at..]);

    // What a code point becomes; where letters are kept, only what nobody sees becomes nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int EntryOf(int value)
    {
        var entry = CasedFold.Find(value);
        return keepsLetters && entry is not (FoldTable.Ignored or FoldTable.Mark or FoldTable.Tag) ? value : entry;
    }

    // The bytes of one character, each an escape.
    private static Unit Assemble(ref EscapeReader reader, Unit first)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var count = first.Value switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC2 => 2, _ => 1 };
        utf8[0] = (byte)first.Value;
        var (end, isOpen) = (first.End, reader.IsOpen);
        for (var i = 1; i < count; i++)
        {
            var next = reader.Read(end);
            isOpen |= reader.IsOpen;
            if (!next.IsByte || isOpen)
            {
                return new Unit(Rune.ReplacementChar.Value, first.End, false, true);
            }

            utf8[i] = (byte)next.Value;
            end = next.End;
        }

        return Rune.DecodeFromUtf8(utf8[..count], out var rune, out _) == OperationStatus.Done
            ? new Unit(rune.Value, end, false, true)
            : new Unit(Rune.ReplacementChar.Value, first.End, false, true);
    }

    private void Append(in ScanWindow window, int at, Unit unit, int entry)
    {
        var (original, end) = (window.Origin + at, window.Origin + unit.End);
        if (entry is FoldTable.Ignored or FoldTable.Mark or FoldTable.Tag)
        {
            if (++_ignorables > TextFolder.MaxIgnorables)
            {
                throw new ScanBoundException(ScanBound.Ignorables);
            }

            Activate(window, at);
            _text.Skip(end);
            return;
        }

        if (entry == unit.Value && !unit.IsEscape)
        {
            Copy(window, at, unit.End - at);
            return;
        }

        _ignorables = 0;
        Activate(window, at);
        if (entry is >= 0 and < 0x80)
        {
            _text.AppendUnit((byte)entry, original, end);
            return;
        }

        Span<byte> utf8 = stackalloc byte[8];
        if (entry <= FoldTable.FirstExpansion)
        {
            Ascii.FromUtf16(Expansions.Text(FoldTable.FirstExpansion - entry), utf8, out var written);
            _text.AppendUnit(utf8[..written], original, end);
        }
        else
        {
            _text.AppendUnit(utf8[..new Rune(entry).EncodeToUtf8(utf8)], original, end);
        }
    }

    private void Copy(in ScanWindow window, int at, int length)
    {
        if (length == 0)
        {
            return;
        }

        _ignorables = 0;
        if (IsActive)
        {
            _text.Append(window.Bytes.Slice(at, length), window.Origin + at, 0, 8);
        }
    }

    private void Activate(in ScanWindow window, int at)
    {
        if (!IsActive)
        {
            IsActive = true;
            _text.Reset(window.Origin, window.Origin);
            _text.Append(window.Bytes[..at], window.Origin, 0, 8);
        }
    }
}
