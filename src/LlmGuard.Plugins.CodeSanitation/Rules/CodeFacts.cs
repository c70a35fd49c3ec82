namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>What is known of an expression, for the rules that depend on it.</summary>
[Flags]
internal enum CodeFacts
{
    None = 0,

    /// <summary>Something else than literals stands in it.</summary>
    Dynamic = 1 << 0,

    /// <summary>It holds what came from a caller over a network.</summary>
    Untrusted = 1 << 1,

    /// <summary>It holds what was decoded or decompressed.</summary>
    Decoded = 1 << 2,

    /// <summary>It holds what was fetched.</summary>
    Downloaded = 1 << 3,

    /// <summary>It asks for a shell to run the command.</summary>
    AsksForShell = 1 << 4,

    /// <summary>A literal names a shell.</summary>
    NamesShell = 1 << 5,

    /// <summary>It names the safe variant of what is otherwise dangerous.</summary>
    Safe = 1 << 6,

    /// <summary>A literal names a function that runs something.</summary>
    NamesRunner = 1 << 7,

    /// <summary>A literal is a mode of opening files for writing.</summary>
    Writes = 1 << 8,

    /// <summary>A literal names a broken algorithm.</summary>
    Weak = 1 << 9,

    /// <summary>A literal is a query of a database.</summary>
    Query = 1 << 10,

    /// <summary>The handle of a connection is taken.</summary>
    Handle = 1 << 11,

    /// <summary>Checks of certificates are switched off.</summary>
    Unverified = 1 << 12,

    /// <summary>It is a query that values were written into, rather than passed beside it.</summary>
    BuiltQuery = 1 << 13,

    /// <summary>A literal holds a tag of HTML.</summary>
    Markup = 1 << 14,

    /// <summary>Text stands in it.</summary>
    Text = 1 << 15,

    /// <summary>Text that values were written into, rather than passed beside it.</summary>
    BuiltText = 1 << 16,

    /// <summary>Something is switched off.</summary>
    Off = 1 << 17,

    /// <summary>Something is switched on, or accepted whatever it is.</summary>
    On = 1 << 18,

    /// <summary>It names the check of a certificate.</summary>
    CertificateCheck = 1 << 19,

    /// <summary>It asks for memory that may be run.</summary>
    Executable = 1 << 20,

    /// <summary>A literal is a folder in which a machine or a user has everything.</summary>
    Root = 1 << 21,

    /// <summary>It names the folder in which a user has everything.</summary>
    Home = 1 << 22,

    /// <summary>A literal names where programs are listed that run whenever somebody logs in.</summary>
    Startup = 1 << 23,

    /// <summary>A name was put together of literals, which nobody does but to hide it.</summary>
    Joined = 1 << 24,

    /// <summary>What makes code run what somebody else wrote.</summary>
    Foreign = Untrusted | Decoded | Downloaded,
}
