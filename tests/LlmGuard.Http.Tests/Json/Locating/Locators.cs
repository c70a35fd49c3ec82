using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>The locator in all its widths, and a comparison of what they find with the reference.</summary>
internal static class Locators
{
    /// <summary>All of them; those whose vectors the machine lacks run on what it has.</summary>
    public static readonly (string Name, IJsonLocator Locator)[] All =
    [
        ("scalar", new BlockLocator<BlockScalar>()),
        ("128 bits", new BlockLocator<Block128>()),
        ("256 bits", new BlockLocator<Block256>()),
        ("512 bits", new BlockLocator<Block512>()),
        ("direct", new DirectLocator()),
    ];

    /// <summary>Checks that all give what the reference allows, and the same. Returns what they gave.</summary>
    public static JsonLocateStatus AssertAgree(ReadOnlySpan<byte> json, string context, int maxDepth = 64, int maxTokens = int.MaxValue)
    {
        var reference = ReferenceLocator.Of(json);
        JsonLocateStatus? first = null;
        foreach (var (name, locator) in All)
        {
            using var tape = JsonTape.Rent();
            var status = locator.Locate(json, maxDepth, maxTokens, tape);
            var isRight = reference.Allows(status, maxDepth, maxTokens)
                && IsEither(status, first ??= status, reference)
                && (status != JsonLocateStatus.Ok || IsSame(json, tape, reference));
            if (!isRight)
            {
                Assert.Fail($"{name}, {status}, after {first}, {context}: {Convert.ToBase64String(json)}");
            }
        }

        return first!.Value;
    }

    // Past a limit nothing is looked at, so of a text that is broken behind it both may be said: blocks see what is broken before it is reached.
    private static bool IsEither(JsonLocateStatus status, JsonLocateStatus first, ReferenceLocator reference) =>
        status == first || (reference.IsMalformed && status != JsonLocateStatus.Ok && first != JsonLocateStatus.Ok);

    private static bool IsSame(ReadOnlySpan<byte> json, JsonTape tape, ReferenceLocator reference)
    {
        var isSame = tape.Count == reference.Tokens.Count && tape.Depth == reference.Depth && tape.EscapedBytes == reference.EscapedBytes;
        for (var i = 0; isSame && i < tape.Count; i++)
        {
            var (found, expected) = (tape[i], reference.Tokens[i]);
            isSame = (found.Kind, found.Start, tape.LengthOf(json, i), found.Next, found.HasEscapes)
                == (expected.Kind, expected.Start, expected.Length, expected.Next, expected.HasEscapes);
        }

        return isSame;
    }
}
