using LlmGuard.Http.Json;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>
/// The locator in every width against <see cref="ReferenceLocator"/>: the same texts pass, and the same is found in them.
/// A run of another length than usual tries others every time.
/// </summary>
public sealed class LocatorFuzzTests
{
    private const int Rounds = 6_000;

    [Test]
    public void Locate_AnyText_IsWhatTheReferenceFinds()
    {
        var first = FuzzBudget.IsUsual ? 0 : Random.Shared.Next();
        var seen = new int[Enum.GetValues<JsonLocateStatus>().Length];
        for (var round = 0; round < FuzzBudget.Of(Rounds); round++)
        {
            var seed = unchecked(first + round) & int.MaxValue;
            seen[(int)Locators.AssertAgree(OddTexts.Of(seed), $"seed {seed}")]++;
        }

        // All must occur, or the comparison says nothing.
        if (FuzzBudget.IsUsual)
        {
            Assert.That(seen, Has.All.GreaterThan(0).Or.Exactly(1).EqualTo(0), string.Join(' ', seen));
            Assert.That(seen[(int)JsonLocateStatus.Ok], Is.InRange(Rounds / 10, Rounds * 9 / 10));
        }
    }

    [Test]
    public void Locate_AnyTextUnderLimits_PassesNoneOfThem()
    {
        var random = new Random(17);
        var seen = new HashSet<JsonLocateStatus>();
        for (var seed = 0; seed < Rounds / 6; seed++)
        {
            seen.Add(Locators.AssertAgree(OddTexts.Of(seed), $"seed {seed}", maxDepth: 1 + random.Next(4)));

            // Whole texts only: of one that breaks off the reference has read a token less or more.
            var json = System.Text.Encoding.UTF8.GetBytes(new JsonSample(seed, 40).Json);
            seen.Add(Locators.AssertAgree(json, $"sample {seed}", maxTokens: random.Next(60)));
        }

        Assert.That(
            seen, Is.SupersetOf(new[] { JsonLocateStatus.Ok, JsonLocateStatus.TooDeep, JsonLocateStatus.TooManyTokens, JsonLocateStatus.Malformed }));
    }
}
