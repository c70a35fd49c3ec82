using Amazon.Runtime.Internal.Endpoints.StandardLibrary;

namespace LlmGuard.Plugins.BedrockGuardrail.Settings;

/// <summary>Where Bedrock Runtime is, by the service's endpoint rules and the SDK's table of partitions.</summary>
internal static class BedrockEndpoints
{
    private const int MaxRegion = 32;

    /// <summary>Whether a text has the form of a region: the partition table takes anything for a region of the commercial partition.</summary>
    /// <param name="region">The text.</param>
    public static bool IsRegion(string region)
    {
        var words = region.Split('-');
        return region.Length <= MaxRegion
            && words.Length is >= 3 and <= 5
            && words[..^1].All(static w => w.Length > 1 && w.All(char.IsAsciiLetterLower))
            && words[^1].Length is 1 or 2
            && words[^1].All(char.IsAsciiDigit);
    }

    /// <summary>The partition of a region, as ARNs name it: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>, ...</summary>
    /// <param name="region">The region.</param>
    public static string PartitionOf(string region) => Fn.Partition(region).name;

    /// <summary>The service's base URL in a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="fips">Whether it is the one with validated cryptography.</param>
    /// <param name="dualStack">Whether it is reached by IPv6 too.</param>
    /// <exception cref="FormatException">The region's partition has no such endpoint.</exception>
    public static Uri Resolve(string region, bool fips, bool dualStack)
    {
        var partition = Fn.Partition(region);
        if ((fips && !partition.supportsFIPS) || (dualStack && !partition.supportsDualStack))
        {
            throw new FormatException($"the partition {partition.name} has no {(fips ? "FIPS" : "dual-stack")} endpoint");
        }

        var suffix = dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix;
        return new Uri($"https://bedrock-runtime{(fips ? "-fips" : "")}.{region}.{suffix}/");
    }
}
