using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>A text that must stand somewhere for a rule to match, and what must hold around it.</summary>
/// <param name="Text">The text, in lower case.</param>
/// <param name="Place">What must hold around it.</param>
/// <param name="Readers">Who finds what the rule is about.</param>
internal readonly record struct Trigger(string Text, TriggerPlace Place, CodeReaders Readers)
{
    /// <summary>The languages of programs in which it means anything; all unless told.</summary>
    public CodeLanguages Languages { get; init; } = CodeLanguages.All;
}

/// <summary>What must hold around the text of a trigger.</summary>
internal enum TriggerPlace : byte
{
    Anywhere,

    /// <summary>It is a name as a lexer of programs has it.</summary>
    Name,

    /// <summary>A name that is called.</summary>
    Call,

    /// <summary>A name that is called or starts a statement.</summary>
    CallOrStatement,

    /// <summary>A name before that of a table or the like.</summary>
    BeforeObject,

    /// <summary>A name that counts only with <c>copy</c> in the text.</summary>
    WithCopy,

    /// <summary>A name that counts only with all of something in the text, which is <c>*.*</c>.</summary>
    Grant,

    /// <summary>It counts only where something is opened by a name that holds a value.</summary>
    OpenedPipe,

    /// <summary>It counts only within a literal, before what a caller sends.</summary>
    WrittenProgram,

    /// <summary>It is a word of a command line, or the last part of a path.</summary>
    Command,

    /// <summary>The same, and the text names an evaluator as well, or an interpreter and how it is given a program.</summary>
    CommandWithRunner,

    /// <summary>A name that starts a statement: nothing but a sign or the start of a line stands before it.</summary>
    Statement,

    /// <summary>The same, and the case of its letters is part of it.</summary>
    ExactStatement,

    /// <summary>The same, and the text has a literal that begins as a query: nothing else is put together to one.</summary>
    QueryStatement,

    /// <summary>A name that counts only where something is imported under another one, so that what is called is not what it was called.</summary>
    Renaming,

    /// <summary>A name whose statement would be given a query or what is foreign to count.</summary>
    ForeignStatement,
}
