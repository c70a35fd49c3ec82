using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <summary>
/// Whether a text is a guide that a project keeps for the agents that work on it (<c>AGENTS.md</c>, <c>CLAUDE.md</c>, a skill). Agents read it in
/// order to do what it says, so that an order to them is nothing that was inserted for being one; what it asks to be given away, kept from the user
/// or set aside counts as anywhere else.
/// </summary>
internal static class AgentGuide
{
    // Bytes at the start of a text in which a guide says what it is.
    private const int Head = 320;

    private static readonly LiteralSet<bool> Names = new((
        ["agents.md", "agent.md", "claude.md", "gemini.md", "skill.md", "skills.md", "copilot-instructions", ".cursorrules", "claude code"],
        true));

    /// <param name="text">The text, folded and in lower case.</param>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        var head = text[..Math.Min(text.Length, Head)];
        return IsHeaded(head) && Names.Find(head, 0, out _, out _) >= 0;
    }

    // It begins with a heading or a block of what it is about, as files of Markdown do.
    private static bool IsHeaded(ReadOnlySpan<byte> head)
    {
        var start = head.TrimStart("\uFEFF \r\n"u8);
        return start is [(byte)'#', ..] or [(byte)'-', (byte)'-', (byte)'-', (byte)'\n' or (byte)'\r', ..];
    }
}
