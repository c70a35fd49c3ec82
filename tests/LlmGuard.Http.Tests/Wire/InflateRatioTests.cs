using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Tests.Wire;

public sealed class InflateRatioTests
{
    private const long Exempt = 1024 * 1024;

    [TestCase(20_000, 100, 2_000_000, ExpectedResult = false)]
    [TestCase(20_000, 100, 2_000_001, ExpectedResult = true, Description = "one byte more than a hundred times as many")]
    [TestCase(20_000, 100, 2_000_099, ExpectedResult = true)]
    [TestCase(1_100_000, 1, 1_100_000, ExpectedResult = false)]
    [TestCase(1_100_000, 1, 1_100_001, ExpectedResult = true)]
    [TestCase(1, 2, Exempt, ExpectedResult = false)]
    [TestCase(1, 2, Exempt + 1, ExpectedResult = true)]
    [TestCase(0, int.MaxValue, Exempt + 1, ExpectedResult = true)]
    [TestCase(long.MaxValue / 2, int.MaxValue, long.MaxValue, ExpectedResult = false)]
    public bool IsPassedBy_DecodedBytes_CountsEveryByte(long encoded, int maximum, long decoded) =>
        new InflateRatio(encoded, maximum).IsPassedBy(decoded);
}
