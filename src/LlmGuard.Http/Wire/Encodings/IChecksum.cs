namespace LlmGuard.Http.Wire.Encodings;

/// <summary>A checksum over bytes that come in pieces.</summary>
internal interface IChecksum
{
    uint Value { get; }

    void Add(ReadOnlySpan<byte> bytes);
}
