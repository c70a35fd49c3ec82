using System.Runtime.Intrinsics;

namespace LlmGuard.Http.Json.Locating;

/// <summary>The locator of this machine: bodies, events of streams and JSON inside strings are all read by it.</summary>
internal static class JsonLocator
{
    /// <summary>The one with the widest vectors there are.</summary>
    public static IJsonLocator Instance { get; } =
        Vector512.IsHardwareAccelerated ? new BlockLocator<Block512>()
        : Vector256.IsHardwareAccelerated ? new DirectLocator()
        : Vector128.IsHardwareAccelerated ? new BlockLocator<Block128>()
        : new BlockLocator<BlockScalar>();
}
