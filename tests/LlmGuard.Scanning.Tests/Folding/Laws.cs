using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>Checks laws over generated values, the same ones on every run.</summary>
internal static class Laws
{
    public static void AssertHolds<T>(Gen<T> values, Func<T, bool> law, int count = 500) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20261121UL, 17UL), Prop.ForAll(values.ToArbitrary(), law));
}
