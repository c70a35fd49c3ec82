using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Tests.Planning;

/// <summary>Checks a law on cases drawn from seeds; the same seeds on every run, and the failing one is in the message.</summary>
internal static class RandomCases
{
    public static void Check(int count, Action<Random> law) => Prop
        .ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => law(new Random(seed)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20_251_121, 41));

    public static T Pick<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
