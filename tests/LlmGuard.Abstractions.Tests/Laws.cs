using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Abstractions.Tests;

/// <summary>Checks laws over generated values, the same ones on every run.</summary>
internal static class Laws
{
    private static readonly string[] Pieces =
        ["a", "Z", " ", "\n", "\0", "é", "ß", "中", "\uFFFD", "\uFEFF", "\u200D", "😀", "𝔘", "\U0010FFFF", "e\u0301"];

    /// <summary>Well-formed text with code points of one to four bytes; also empty.</summary>
    public static Gen<string> Text { get; } = Gen.Elements(Pieces).ListOf().Select(string.Concat);

    public static void AssertHolds<T>(Gen<T> values, Func<T, bool> law, int count = 500) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20261121UL, 17UL), Prop.ForAll(values.ToArbitrary(), law));
}
