using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>Texts with more tokens than a tape keeps as they are: what is packed is what was found.</summary>
public sealed class JsonTapeTests
{
    [TestCase(9_000)]
    [TestCase(40_000)]
    public void Locate_ManyTokens_AreWhatTheReferenceFinds(int tokens)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            Assert.That(Locators.AssertAgree(Large(seed, tokens), $"seed {seed}"), Is.EqualTo(JsonLocateStatus.Ok));
        }
    }

    // Containers are open when what stands in them is packed, in every place of a block.
    [Test]
    public void Locate_OpenContainersAroundManyTokens_EndWhereTheyShould([Range(0, 64, 7)] int before)
    {
        var many = string.Join(',', Enumerable.Repeat("[],{\"k\":1}", 4_000));
        var json = "[" + string.Concat(Enumerable.Repeat("0,", 3_990 + before)) + "{\"a\":[[" + many + "],\"\\n\",{\"b\":[" + many + "]}]},7]";

        Assert.That(Locators.AssertAgree(Encoding.UTF8.GetBytes(json), $"behind {before}"), Is.EqualTo(JsonLocateStatus.Ok));
    }

    [Test]
    public void Locate_KeyTwiceAroundManyTokens_IsAmbiguous([Values("k", "\\u006b", "x")] string name)
    {
        var json = "{\"k\":[" + string.Join(',', Enumerable.Repeat("1", 20_000)) + "],\"" + name + "\":2}";

        Assert.That(
            Locators.AssertAgree(Encoding.UTF8.GetBytes(json), name), Is.EqualTo(name == "x" ? JsonLocateStatus.Ok : JsonLocateStatus.Ambiguous));
    }

    [Test]
    public void Indexer_OfPackedTokensInAnyOrder_IsTheSame()
    {
        var json = Large(seed: 9, tokens: 30_000);
        var expected = ReferenceLocator.Of(json).Tokens;
        var random = new Random(3);
        using var tape = JsonTape.Rent();
        JsonLocator.Instance.Locate(json, 64, int.MaxValue, tape);

        for (var i = 0; i < 100_000; i++)
        {
            var at = random.Next(expected.Count);
            var found = tape[at];
            Assert.That((found.Kind, found.Start, found.Next, found.HasEscapes),
                Is.EqualTo((expected[at].Kind, expected[at].Start, expected[at].Next, expected[at].HasEscapes)));
        }
    }

    [Test]
    public void Locate_ManyTokensAfterAFailure_FindsTheSameAsAFreshOne()
    {
        // A tape that was given back in the middle of a text, with containers open and tokens packed.
        using (var tape = JsonTape.Rent())
        {
            var broken = Encoding.UTF8.GetBytes("[[{\"a\":[" + string.Join(',', Enumerable.Repeat("[]", 30_000)) + "}");
            Assert.That(JsonLocator.Instance.Locate(broken, 64, int.MaxValue, tape), Is.EqualTo(JsonLocateStatus.Malformed));
        }

        Assert.That(Locators.AssertAgree(Large(seed: 1, tokens: 20_000), "after"), Is.EqualTo(JsonLocateStatus.Ok));
    }

    [Test]
    public void PackedTokens_OfAnyDistanceAndLength_AreAsTheyWereGiven()
    {
        var random = new Random(5);
        var packed = new PackedTokens();
        for (var round = 0; round < 20; round++)
        {
            var given = new List<ulong>();
            var open = new Stack<int>();
            for (var (start, last) = (0L, PackedTokens.BlockSize * random.Next(1, 60)); given.Count < last;)
            {
                start = Math.Min(int.MaxValue, start + Some(random, 24));
                var kind = (JsonTokenKind)random.Next(8);
                if (kind <= JsonTokenKind.Array && random.Next(8) == 0)
                {
                    open.Push(given.Count);
                    given.Add(JsonToken.Of(kind, (int)start, 0));
                }
                else
                {
                    var token = JsonToken.Of(kind, (int)start, Math.Max(1, Some(random, 29)));
                    given.Add(random.Next(3) == 0 ? JsonToken.Escaped(token) : token);
                }
            }

            for (var at = 0; at < given.Count; at += PackedTokens.BlockSize)
            {
                packed.Add(given.GetRange(at, PackedTokens.BlockSize).ToArray());
            }

            while (open.TryPop(out var container))
            {
                // What was read before a container ended must not be remembered.
                Assert.That(packed[container], Is.EqualTo(given[container]));
                var extent = Math.Max(1, Some(random, 29));
                packed.Close(container, extent);
                given[container] = JsonToken.Closed(given[container], extent);
            }

            Assert.That(Enumerable.Range(0, given.Count).Select(i => packed[i]), Is.EqualTo(given), $"round {round}");
            packed.Clear();
        }
    }

    private static int Some(Random random, int bits) => random.Next(1 << random.Next(bits + 1));

    private static byte[] Large(int seed, int tokens)
    {
        var (text, count) = (new StringBuilder("["), 0);
        for (var part = 0; count < tokens; part++)
        {
            var json = part % 5 == 4
                ? new string('[', 40) + "\"" + new string('y', part * 37 % 700) + "\\t\"" + new string(' ', part % 90) + new string(']', 40)
                : new JsonSample((seed * 10_000) + part, 60).Json;
            count += ReferenceLocator.Of(Encoding.UTF8.GetBytes(json)).Tokens.Count;
            text.Append(part == 0 ? "" : ",").Append(json);
        }

        return Encoding.UTF8.GetBytes(text.Append(']').ToString());
    }
}
