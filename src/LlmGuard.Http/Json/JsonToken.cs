namespace LlmGuard.Http.Json;

/// <summary>A value or key of a JSON text by its place in the bytes.</summary>
/// <remarks>
/// Eight bytes where it is kept, because a hostile body has a token every other byte. So it is told of a container only how many tokens stand in it;
/// its last byte is found when somebody asks (<see cref="JsonTape.LengthOf"/>), which hardly anybody does.
/// </remarks>
internal readonly struct JsonToken(ulong stored, int index)
{
    /// <summary>Longest text whose tokens have room in eight bytes.</summary>
    public const int LongestText = (1 << (64 - ExtentAt)) - 1;

    private const int EscapeAt = 31;
    private const int KindAt = 32;
    private const int ExtentAt = 35;
    private const uint StartBits = (1u << EscapeAt) - 1;
    private const uint KindBits = 7;

    /// <summary>Offset of the first byte: of a string or key the one after the quote, of a container its bracket.</summary>
    public int Start => (int)((uint)stored & StartBits);

    /// <summary>Number of bytes: of a string or key without the quotes. Nothing that means anything for a container.</summary>
    public int Length => Extent;

    /// <summary>Index of the token that follows this value with everything in it; for a key the index of its value.</summary>
    public int Next => index + (Kind <= JsonTokenKind.Array ? Extent : 1);

    public JsonTokenKind Kind => (JsonTokenKind)((uint)(stored >> KindAt) & KindBits);

    /// <summary>Whether a string or key holds escapes, so that its bytes are not its text.</summary>
    public bool HasEscapes => ((uint)stored & ~StartBits) != 0;

    /// <summary>Length, or number of tokens of a container with its own.</summary>
    public int Extent => (int)(stored >> ExtentAt);

    /// <summary>A token as it is kept.</summary>
    public static ulong Of(JsonTokenKind kind, int start, int extent) => (uint)start | ((ulong)kind << KindAt) | ((ulong)extent << ExtentAt);

    /// <summary>The same with escapes in it.</summary>
    public static ulong Escaped(ulong plain) => plain | (1ul << EscapeAt);

    /// <summary>A container that has come to its end.</summary>
    /// <param name="open">The container as it was kept, without an extent.</param>
    /// <param name="extent">Number of tokens with its own.</param>
    public static ulong Closed(ulong open, int extent) => open | ((ulong)extent << ExtentAt);
}
