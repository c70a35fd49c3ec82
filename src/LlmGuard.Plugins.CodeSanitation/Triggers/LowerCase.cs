namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>Reads letters without their case.</summary>
internal static class LowerCase
{
    /// <summary>What each byte is read as.</summary>
    public static readonly byte[] Map = [.. Enumerable.Range(0, 256).Select(b => b is >= 'A' and <= 'Z' ? (byte)(b | 0x20) : (byte)b)];
}
