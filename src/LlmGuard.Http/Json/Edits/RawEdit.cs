using System.Runtime.InteropServices;

namespace LlmGuard.Http.Json.Edits;

/// <summary>Raw bytes that take the place of others.</summary>
/// <param name="Start">Offset of the first byte that goes.</param>
/// <param name="Length">Number of bytes that go; 0 inserts.</param>
/// <param name="Bytes">What comes.</param>
internal readonly record struct RawEdit(int Start, int Length, ReadOnlyMemory<byte> Bytes)
{
    public int End => Start + Length;

    /// <summary>The value it belongs to: of a string what is between the quotes, else all of it.</summary>
    public TextSpan Value { get; init; }

    /// <summary>Whether the value is a string and stays one.</summary>
    public bool IsInString { get; init; }

    /// <summary>Carries out edits that are ascending and do not overlap.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> text, List<RawEdit> edits)
    {
        var all = CollectionsMarshal.AsSpan(edits);
        var result = GC.AllocateUninitializedArray<byte>(JsonSplice.LengthOf(text, all));
        JsonSplice.Write(text, all, result);
        return result;
    }
}
