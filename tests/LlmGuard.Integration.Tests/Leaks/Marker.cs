namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>What must not be found anywhere. Matched without regard to case, since folded copies are copies too.</summary>
internal static class Marker
{
    public const string Text = "Qx7marker9Zk";

    /// <summary>In an e-mail address, so that data_masking finds it.</summary>
    public const string Mail = Text + "@example.com";

    public static bool IsIn(string text) => text.Contains(Text, StringComparison.OrdinalIgnoreCase);
}
