using System.Text.Json;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ratios;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>
/// Finding the tokens of a body, next to a walk of the framework's reader, which checks neither UTF-8 nor keys, and next to copying the
/// bytes.
/// </summary>
internal static class LocateCases
{
    private static readonly int[] Sizes = [2 * 1024, 64 * 1024];

    public static IEnumerable<Comparison> All() =>
    [
        .. Sizes.Select(size => Reader("escapes and accents", size, ChatBodies.Clean)),
        .. Sizes.Select(size => Reader("without escapes", size, ChatBodies.Plain)),
        .. Sizes.Select(size => Copy("escapes and accents", size, ChatBodies.Clean)),
        .. Sizes.Select(size => Copy("without escapes", size, ChatBodies.Plain)),
    ];

    private static Comparison Reader(string kind, int size, Func<int, IReadOnlyList<byte[]>> make) => new($"locate {Suite.Show(size)}, {kind}", () =>
    {
        var bodies = make(size);
        var (ours, ordinary) = (new Rotation<byte[]>(bodies), new Rotation<byte[]>(bodies));
        return (Locate(ours), Side.Of("Utf8JsonReader", () =>
        {
            var reader = new Utf8JsonReader(ordinary.Next());
            while (reader.Read())
            {
            }
        }));
    });

    private static Comparison Copy(string kind, int size, Func<int, IReadOnlyList<byte[]>> make) =>
        new($"locate against memcpy, {Suite.Show(size)}, {kind}", () =>
        {
            var bodies = make(size);
            var (ours, ordinary) = (new Rotation<byte[]>(bodies), new Rotation<byte[]>(bodies));
            var copy = new byte[bodies.Max(b => b.Length)];
            return (Locate(ours), Side.Of("memcpy", () => ordinary.Next().CopyTo(copy, 0)));
        });

    private static Side Locate(Rotation<byte[]> bodies) => Side.Of("JsonLocator", () =>
    {
        using var tape = JsonTape.Rent();
        if (JsonLocator.Instance.Locate(bodies.Next(), 64, int.MaxValue, tape) != JsonLocateStatus.Ok)
        {
            throw new InvalidOperationException("The benchmark's own body cannot be read.");
        }
    });
}
