using System.Globalization;

namespace LlmGuard.Benchmarks.Loopback;

/// <summary>What the peer is told to do, one line of text.</summary>
/// <param name="Port">Where the forwarder listens.</param>
/// <param name="Size">Size of the bodies in bytes.</param>
/// <param name="IsDirty">Whether there is something to mask.</param>
/// <param name="Count">How many requests.</param>
/// <param name="Events">How many events the answers have; 0 when they are no streams.</param>
internal sealed record LoadRequest(int Port, int Size, bool IsDirty, int Count, int Events = 0)
{
    /// <summary>The header that asks the upstream for a stream of so many events.</summary>
    public const string EventsHeader = "X-Events";

    public static LoadRequest Parse(string line)
    {
        var parts = line.Split(' ');
        return new LoadRequest(Number(parts[0]), Number(parts[1]), parts[2] == "dirty", Number(parts[3]), Number(parts[4]));
    }

    public override string ToString() => FormattableString.Invariant($"{Port} {Size} {(IsDirty ? "dirty" : "clean")} {Count} {Events}");

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
