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

    /// <summary>What is known of the argument that is being read, in parentheses.</summary>
    public CodeFacts Argument;

    /// <summary>What is known of the first argument, once it has ended.</summary>
    public CodeFacts First;

    /// <summary>What is known of the argument that ended last.</summary>
    public CodeFacts Last;

    /// <summary>Whether what is called stands between brackets: <c>window["ev" + "al"](...)</c>.</summary>
    public bool IsComputed;

    /// <summary>Whether the first argument has ended.</summary>
    public bool IsPastFirst;

    /// <summary>Hash of the name that the statement assigns to, or 0.</summary>
    public ulong Target;

    /// <summary>The token of that name.</summary>
    public int TargetToken;

    /// <summary>Whether a statement has ended in it, so that what follows tells nothing of what stands around it.</summary>
    public bool HasStatements;

    /// <summary>Whether it is a block that begins with a key: an object, and no list.</summary>
    public bool HasKeys;

    /// <summary>Whether names do not count: they are the value of an option.</summary>
    public bool IsOption;

    /// <summary>Whether the statement adds to what its target held before.</summary>
    public bool IsAddition;

    /// <summary>Takes what a token or a call in it tells.</summary>
    public void Add(CodeFacts facts)
    {
        facts = IsOption ? facts & ~CodeFacts.Dynamic : facts;
        (Facts, Argument) = (Facts | facts, Argument | facts);
    }

    /// <summary>Ends the argument that is being read. A query is put together only within one: a value in another is passed beside it.</summary>
    public void EndArgument()
    {
        Facts |= (Argument & CodeFacts.Query) != 0 && (Argument & CodeFacts.Dynamic) != 0 ? CodeFacts.BuiltQuery : CodeFacts.None;
        Argument |= (Argument & CodeFacts.Text) != 0 && (Argument & CodeFacts.Dynamic) != 0 ? CodeFacts.BuiltText : CodeFacts.None;
        Facts |= Argument & CodeFacts.BuiltText;
        (First, IsPastFirst) = (IsPastFirst ? First : Argument, true);

        // An argument of which nothing is known, "[]" or "{}", says nothing in place of the one before it.
        (Last, Argument) = (Argument == CodeFacts.None ? Last : Argument, CodeFacts.None);
    }
}

/// <summary>Kinds of frames.</summary>
internal enum FrameKind : byte
{
    Program,
    Block,
    Parentheses,
    Bare,
}
