using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What is open while a program is read: parentheses, a block, a call without parentheses, or the program itself.</summary>
internal struct Frame
{
    public FrameKind Kind;

    /// <summary>The token that names what is called, or -1.</summary>
    public int Callee;

    /// <summary>What is known of what stood in it so far: in a block, in the statement that is being read.</summary>
    public CodeFacts Facts;

    /// <summary>Hash of the name that the statement assigns to, or 0.</summary>
    public ulong Target;

    /// <summary>The token of that name.</summary>
    public int TargetToken;

    /// <summary>Whether a statement has ended in it, so that what follows tells nothing of what stands around it.</summary>
    public bool HasStatements;

    /// <summary>Whether names do not count: they are the value of an option.</summary>
    public bool IsOption;
}

/// <summary>Kinds of frames.</summary>
internal enum FrameKind : byte
{
    Program,
    Block,
    Parentheses,
    Bare,
}
