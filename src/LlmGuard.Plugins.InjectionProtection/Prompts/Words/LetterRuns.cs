using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>Finds where rows of ASCII letters and digits end; 64 bytes are sorted at a time.</summary>
internal ref struct LetterRuns(ReadOnlySpan<byte> text)
{
    private const int Width = 64;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _block = -Width;
    private ulong _others;

    /// <summary>The first offset, from the given one, where no ASCII letter or digit stands; the length of the text if there is none.</summary>
    public int EndOf(int from)
    {
        while (from < _text.Length)
        {
            if ((uint)(from - _block) >= Width)
            {
                Sort(from);
            }

            var rest = _others >> (from - _block);
            if (rest != 0)
            {
                return from + BitOperations.TrailingZeroCount(rest);
            }

            from = _block + Width;
        }

        return _text.Length;
    }

    private void Sort(int from)
    {
        _block = from;
        if (from + Width <= _text.Length)
        {
            var words = WordBytes.Alphanumeric.Sort(ref Unsafe.Add(ref MemoryMarshal.GetReference(_text), from), out var foreign);
            _others = ~words | foreign;
            return;
        }

        _others = ulong.MaxValue;
        for (var i = 0; from + i < _text.Length; i++)
        {
            _others ^= AsciiByte.IsAlphanumeric(_text[from + i]) ? 1UL << i : 0;
        }
    }
}
