namespace LlmGuard.Scanning.Entities;

/// <summary>What the trigger of a match and the bytes after it may be. Necessary, not sufficient: by it most triggers are passed over.</summary>
/// <param name="places">For the trigger and up to three bytes after it, what may stand there. Anything may stand in places that are not given.</param>
internal sealed class Opening(params Func<int, bool>[] places)
{
    /// <summary>Most bytes that are looked at.</summary>
    public const int Length = 4;

    /// <summary>A byte, in lower case, in any case.</summary>
    public static Func<int, bool> AnyCase(int lower) => AsciiByte.IsLetter(lower) ? b => (b | 0x20) == lower : b => b == lower;

    /// <summary>Exactly this byte.</summary>
    public static Func<int, bool> Exactly(int value) => b => b == value;

    /// <summary>Whether a byte may stand at a place, counted from the trigger.</summary>
    public bool Takes(int place, int value) => place >= places.Length || places[place](value);

    /// <summary>For each place the bytes that may stand there.</summary>
    public bool[][] ToSets()
    {
        var sets = new bool[Length][];
        for (var place = 0; place < Length; place++)
        {
            sets[place] = new bool[256];
            for (var value = 0; value < 256; value++)
            {
                sets[place][value] = Takes(place, value);
            }
        }

        return sets;
    }
}
