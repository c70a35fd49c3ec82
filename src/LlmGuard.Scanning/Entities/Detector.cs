using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>Finds one kind of built-in entity. Stateless.</summary>
/// <remarks>
/// Whether there is a match at an offset may depend only on <see cref="Left"/> bytes before it and <see cref="MaxLength"/> bytes from it on; a
/// detector that looked beyond the known text has set <see cref="ScanText.HitEnd"/>, and its answer counts for nothing until more is known. The
/// work at one offset is bounded, so a scan is linear.
/// </remarks>
internal abstract class Detector
{
    /// <summary>Bytes before an offset that a detector may look at.</summary>
    public const int Left = 64;

    /// <summary>Most bytes from the trigger, or from the start of the match where that is earlier, to the last byte that decides.</summary>
    public abstract int MaxLength { get; }

    /// <summary>Whether a match can be recognised at this byte.</summary>
    public abstract bool IsTrigger(byte value);

    /// <summary>What may stand before the trigger.</summary>
    public virtual Neighbours Before => Neighbours.Other;

    /// <summary>Whether a match can be recognised at a byte with such a byte before it.</summary>
    public virtual bool IsTriggerAfter(Neighbours before, byte value) => (Before & before) != 0 && IsTrigger(value);

    /// <summary>How a match can begin at its trigger: every match is in one of these. By default all that is known is the trigger.</summary>
    public virtual IEnumerable<Opening> Openings => [new(b => IsTrigger((byte)b))];

    /// <summary>
    /// How many letters and digits in a row can begin a match at its trigger: bit n for n of them, the last bit for <see cref="LongestRun"/> or more.
    /// </summary>
    public virtual ulong Runs => ulong.MaxValue;

    /// <summary>Rows of so many letters and digits are not told apart from longer ones.</summary>
    public const int LongestRun = 63;

    /// <summary>
    /// Whether triggers inside a match are passed over. For matches without a short bound, which triggers within would look through again and again.
    /// </summary>
    public virtual bool SkipsInside => false;

    /// <summary>Looks for a match at a trigger.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the trigger is.</param>
    /// <param name="from">First offset that a match may cover; what is before it is left context.</param>
    /// <param name="start">Where the match starts.</param>
    /// <param name="end">Where it ends.</param>
    public abstract bool TryMatch(ref ScanText text, int at, int from, out int start, out int end);

    /// <summary>Whether every match starts where it is recognised.</summary>
    public virtual bool StartsAtTrigger => true;

    /// <summary>
    /// Where a match could start whose trigger lies at or beyond an offset: the offset itself unless the trigger is not the first byte.
    /// </summary>
    public virtual int EarliestStart(ref ScanText text, int at, int from) => at;

    /// <summary>Those that tell <see cref="EarliestStart"/> where that is not the offset itself: this one, unless it consists of others.</summary>
    public virtual IEnumerable<Detector> EarlyStarters => StartsAtTrigger ? [] : [this];

    /// <summary>Equal for detectors that tell the same of every text.</summary>
    public virtual object EarlyStart => this;

    /// <summary>States that there is no match.</summary>
    protected static bool None(out int start, out int end)
    {
        (start, end) = (0, 0);
        return false;
    }
}

/// <summary>Kinds of byte that may stand directly before a trigger.</summary>
[Flags]
internal enum Neighbours
{
    /// <summary>The start of the text, white space, punctuation, and anything that is not ASCII.</summary>
    Other = 1,

    /// <summary>An ASCII letter.</summary>
    Letter = 2,

    /// <summary>An ASCII digit.</summary>
    Digit = 4,
}
