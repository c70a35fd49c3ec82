namespace LlmGuard.Scanning.Entities;

/// <summary>What kinds of entity a policy can name at once. An entity may belong to several, or to none.</summary>
[Flags]
internal enum EntityGroups
{
    None = 0,

    /// <summary>What opens a door: passwords, keys, tokens.</summary>
    Secrets = 1,

    /// <summary>What tells who somebody is or how to reach them; the other personal groups are part of it.</summary>
    Pii = 2,

    /// <summary>Cards, accounts, securities, wallets.</summary>
    Financial = 4,

    /// <summary>Numbers that a state gives to people and companies.</summary>
    NationalIds = 8,

    /// <summary>Addresses of machines.</summary>
    Network = 16,
}
