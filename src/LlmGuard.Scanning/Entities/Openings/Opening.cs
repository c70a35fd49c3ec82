namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>What the trigger of a match and the bytes after it may be. Necessary, not sufficient: by it most triggers are passed over.</summary>
/// <param name="places">For the trigger and up to seven bytes after it, what may stand there. Anything may stand in places that are not
/// given.</param>
internal sealed class Opening(params Func<int, bool>[] places)
{
    /// <summary>Most bytes that are looked at.</summary>
    public const int Length = 8;

    /// <summary>What may stand directly before the trigger, where -1 stands for the start of the text. Anything, unless given.</summary>
    public Func<int, bool> Before { get; init; } = static _ => true;

    /// <summary>What else must hold, which is asked last. Nothing, unless given. Equal for openings that share it.</summary>
    public OpeningCondition? Condition { get; init; }

    /// <summary>A byte, in lower case, in any case.</summary>
    public static Func<int, bool> AnyCase(int lower) => AsciiByte.IsLetter(lower) ? b => (b | 0x20) == lower : b => b == lower;

    /// <summary>Exactly this byte.</summary>
    public static Func<int, bool> Exactly(int value) => b => b == value;

    /// <summary>The first bytes of a word in lower case, in any case, and what may follow where the word ends within an opening.</summary>
    public static Opening Word(ReadOnlySpan<byte> lower, params Func<int, bool>[] after) =>
        new([.. ((Func<int, bool>[])[.. lower.ToArray().Select(b => AnyCase(b)), .. after]).Take(Length)]);

    /// <summary>Several places in a row of the same kind.</summary>
    public static IEnumerable<Func<int, bool>> Row(int count, Func<int, bool> kind) => Enumerable.Repeat(kind, count);

    /// <summary>The same where something else must hold, too.</summary>
    public Opening If(OpeningCondition? condition) => new(places) { Before = Before, Condition = condition };

    /// <summary>Whether a byte may stand at a place, counted from the trigger.</summary>
    public bool Takes(int place, int value) => place >= places.Length || places[place](value);
}

/// <summary>What must hold for an opening besides the bytes at its places. Says "perhaps" where that depends on bytes that are not known
/// yet, and looks at no more than <see cref="Detector.Left"/> bytes before and after the trigger.</summary>
/// <param name="text">The text as far as it is known, and at least <see cref="Detector.Left"/> bytes before the trigger if there are so many.</param>
/// <param name="at">Where the trigger is.</param>
internal delegate bool OpeningCondition(ReadOnlySpan<byte> text, int at);
