using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells where <see cref="RowOpenings"/> may begin by which bytes are letters and digits. Immutable.</summary>
/// <param name="openings">The openings, of which only these count.</param>
internal readonly struct RowSigns(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings)
{
    private readonly ulong _numbered = openings.Any(static o => RowOpenings.IsNumbered(o.Sets)) ? ulong.MaxValue : 0;
    private readonly ulong _capitals = openings.Any(static o => RowOpenings.IsCapitals(o.Sets)) ? ulong.MaxValue : 0;
    private readonly ulong _long = openings.Any(RowOpenings.IsLong) ? ulong.MaxValue : 0;

    /// <summary>The offsets, one bit each.</summary>
    /// <param name="letters">Which bytes are letters.</param>
    /// <param name="digits">Which are digits.</param>
    /// <param name="capitals">Which are capitals.</param>
    /// <param name="joined">Which are letters, digits and hyphens.</param>
    /// <param name="longBehind">From which on, half a long row further, half a long row of letters and digits stands.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Begin(ulong letters, ulong digits, ulong capitals, ulong joined, ulong longBehind) =>
        (letters & _numbered & ((capitals & Words.Soon(digits)) | Words.SoonBehind(joined, digits)))
        | (_capitals & Words.Four(digits | capitals))
        | (_long & Words.Eight(letters | digits) & longBehind);

    /// <summary>The same of four times as many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<ulong> Begin(Vector256<ulong> letters,
        Vector256<ulong> digits, Vector256<ulong> capitals, Vector256<ulong> joined, Vector256<ulong> longBehind) =>
        (letters & Vector256.Create(_numbered) & ((capitals & Words.Soon(digits)) | Words.SoonBehind(joined, digits)))
        | (Vector256.Create(_capitals) & Words.Four(digits | capitals))
        | (Vector256.Create(_long) & Words.Eight(letters | digits) & longBehind);
}
