namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>The readers of code, each of which finds rules of its own, so that a text is read only by those that may find something.</summary>
[Flags]
internal enum CodeReaders : byte
{
    None = 0,

    /// <summary>Finds the rules of <c>shell</c>.</summary>
    Commands = 1 << 0,

    /// <summary>Finds the rules of <c>sql</c>.</summary>
    Queries = 1 << 1,

    /// <summary>Finds the rules of <c>html</c>.</summary>
    Markup = 1 << 2,

    /// <summary>Finds all others.</summary>
    Programs = 1 << 3,

    All = Commands | Queries | Markup | Programs,
}
