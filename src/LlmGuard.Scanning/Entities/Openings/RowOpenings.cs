namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Openings that a filter tells by rows of letters and digits: to tables of bytes they are like too much of what people write.</summary>
internal static class RowOpenings
{
    private static readonly UInt128 Digits = Ascii(AsciiByte.IsDigit);

    private static readonly UInt128 Alphanumerics = Ascii(AsciiByte.IsAlphanumeric);

    private static readonly UInt128 AlphanumericsAndHyphen = Alphanumerics | Ascii(static b => b == '-');

    private static readonly UInt128 CapitalsAndDigits = Ascii(static b => AsciiByte.IsUpper(b) || AsciiByte.IsDigit(b));

    /// <summary>Whether one begins with a letter, is none of a few words, and has a digit behind it, where it begins with a capital, or nothing but
    /// letters, digits and hyphens stand before the digit.</summary>
    public static bool IsNumbered(OpeningSets sets)
    {
        var digit = Enumerable.Range(1, Opening.Length - 1).FirstOrDefault(place => sets.IsOnly(place, Digits));
        return digit > 0 && !OpeningWords.IsOne(sets)
            && (sets.IsOnly(0, CapitalsAndDigits)
                || (sets.IsOnly(0, Alphanumerics) && Enumerable.Range(1, digit - 1).All(place => sets.IsOnly(place, AlphanumericsAndHyphen))));
    }

    /// <summary>Whether one begins with <see cref="WideOpeningTables.Capitals"/> capitals or digits.</summary>
    public static bool IsCapitals(OpeningSets sets) =>
        Enumerable.Range(0, WideOpeningTables.Capitals).All(place => sets.IsOnly(place, CapitalsAndDigits));

    /// <summary>Whether one begins a row of at least <see cref="WideOpeningTables.LongRow"/> letters and digits.</summary>
    public static bool IsLong((OpeningSets Sets, ulong Runs) opening) =>
        (opening.Runs & ((1UL << WideOpeningTables.LongRow) - 1)) == 0 && opening.Sets.IsOnly(0, Alphanumerics);

    /// <summary>Whether one is any of these.</summary>
    public static bool IsAny((OpeningSets Sets, ulong Runs) opening) => IsNumbered(opening.Sets) || IsCapitals(opening.Sets) || IsLong(opening);

    /// <summary>The ASCII characters of a kind, one bit each.</summary>
    public static UInt128 Ascii(Func<int, bool> kind) =>
        Enumerable.Range(0, PairCodes.Count).Where(kind).Aggregate(UInt128.Zero, static (set, value) => set | (UInt128.One << value));
}
