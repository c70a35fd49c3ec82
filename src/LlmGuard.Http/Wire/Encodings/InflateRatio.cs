namespace LlmGuard.Http.Wire.Encodings;

/// <summary>
/// The limit on how much more decoded than encoded bytes there may be. Small outputs are exempt: a few kilobytes of zeros harm nobody.
/// </summary>
internal readonly record struct InflateRatio(long EncodedBytes, int Maximum)
{
    private const long Exempt = 1024 * 1024;

    public bool IsPassedBy(long decodedBytes) => decodedBytes > Exempt && (decodedBytes - 1) / Maximum >= EncodedBytes;
}
