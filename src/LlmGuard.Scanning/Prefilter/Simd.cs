namespace LlmGuard.Scanning.Prefilter;

/// <summary>The vectors that filters use.</summary>
internal static class Simd
{
    /// <summary>Widest vectors that may be used. Tests lower it to show that all ways give the same.</summary>
    public static SimdLevel Level { get; set; } = SimdLevel.Bits512;
}

/// <summary>How wide vectors may be, where the machine has them.</summary>
internal enum SimdLevel
{
    /// <summary>No vectors.</summary>
    Scalar,

    /// <summary>16 bytes.</summary>
    Bits128,

    /// <summary>32 bytes.</summary>
    Bits256,

    /// <summary>64 bytes.</summary>
    Bits512,
}
