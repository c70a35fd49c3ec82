using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities;

/// <summary>Where in some bytes in a row words and numbers begin, one bit for each byte.</summary>
/// <remarks>Inlined, because over a call nothing stays in the vector registers of whoever asks. All of four times as many bytes, too.</remarks>
internal static class Words
{
    /// <summary>Leaves of the offsets at which something may begin those that do not stand within a word or number.</summary>
    /// <param name="found">Offsets at which something that does not begin with a digit may begin. What it says of digits counts for nothing.</param>
    /// <param name="letters">Which bytes are letters.</param>
    /// <param name="digits">Which bytes are digits.</param>
    /// <param name="foundDigits">Digits with which something may begin.</param>
    /// <param name="before">The byte before the first.</param>
    /// <param name="within">Whether something may also begin within words, and with every digit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Begin(ulong found, ulong letters, ulong digits, ulong foundDigits, byte before, bool within)
    {
        // Without a branch, which would be guessed wrongly again and again.
        var wasDigit = (ulong)Unsafe.BitCast<bool, byte>((uint)(before - '0') <= 9);
        var wasWord = wasDigit | Unsafe.BitCast<bool, byte>((uint)((before | 0x20) - 'a') <= 25);
        var inWords = letters & (((letters | digits) << 1) | wasWord);
        var inNumbers = digits & ((digits << 1) | wasDigit);
        return ((found & ~digits) | (digits & foundDigits)) & (within ? ulong.MaxValue : ~(inWords | inNumbers));
    }

    /// <summary>After which bytes one of the next seven is of a kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Soon(ulong kind)
    {
        var soon = kind >> 1;
        soon |= soon >> 1;
        soon |= soon >> 2;
        return soon | (soon >> 3);
    }

    /// <inheritdoc cref="Soon(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Soon(Vector256<ulong> kind)
    {
        var soon = kind >>> 1;
        soon |= soon >>> 1;
        soon |= soon >>> 2;
        return soon | (soon >>> 3);
    }

    /// <summary>After which bytes one of the next seven is of a kind, with nothing but others of another kind before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SoonBehind(ulong others, ulong kind)
    {
        var (soon, one) = (kind >> 1, others >> 1);
        soon |= one & (soon >> 1);
        var two = one & (one >> 1);
        soon |= two & (soon >> 2);
        return soon | (two & (one >> 2) & (soon >> 3));
    }

    /// <inheritdoc cref="SoonBehind(ulong, ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> SoonBehind(Vector256<ulong> others, Vector256<ulong> kind)
    {
        var (soon, one) = (kind >>> 1, others >>> 1);
        soon |= one & (soon >>> 1);
        var two = one & (one >>> 1);
        soon |= two & (soon >>> 2);
        return soon | (two & (one >>> 2) & (soon >>> 3));
    }

    /// <summary>At which bytes four of a kind stand in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Four(ulong kind)
    {
        var two = kind & (kind >> 1);
        return two & (two >> 2);
    }

    /// <inheritdoc cref="Four(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Four(Vector256<ulong> kind)
    {
        var two = kind & (kind >>> 1);
        return two & (two >>> 2);
    }

    /// <summary>At which bytes eight of a kind stand in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Eight(ulong kind)
    {
        var four = Four(kind);
        return four & (four >> 4);
    }

    /// <inheritdoc cref="Eight(ulong)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Eight(Vector256<ulong> kind)
    {
        var four = Four(kind);
        return four & (four >>> 4);
    }
}
