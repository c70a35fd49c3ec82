namespace LlmGuard.Http.Wire.Encodings;

/// <summary>Why the reading or decoding of a body stopped before its end.</summary>
internal enum BodyStop
{
    None,

    /// <summary>More bytes, or a larger ratio of inflation, than the limits allow.</summary>
    TooLarge,

    /// <summary>The process has no room left for held content.</summary>
    OutOfRoom,

    /// <summary>The encoded bytes are cut, padded or corrupt.</summary>
    Malformed,
}
