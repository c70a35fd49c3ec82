namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>What a name says about the value that is assigned to it.</summary>
internal enum SecretKind
{
    /// <summary>Nothing, or that it is none: <c>public_key</c>, <c>token_url</c>.</summary>
    None,

    /// <summary>A password.</summary>
    Password,

    /// <summary>A token.</summary>
    Token,

    /// <summary>A key, or a secret of no said kind.</summary>
    Key,

    /// <summary>Perhaps a secret, if the value looks like one: <c>key</c>, <c>auth</c>, the name of a vendor.</summary>
    Weak,
}
