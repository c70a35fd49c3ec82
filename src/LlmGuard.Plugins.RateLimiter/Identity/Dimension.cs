namespace LlmGuard.Plugins.RateLimiter.Identity;

/// <summary>What a limit tells calls apart by.</summary>
internal enum Dimension
{
    Global,
    Ip,
    User,
    Consumer,
    Group,
    Key,
    Fingerprint,
    Header,
    Model,
}

/// <summary>What happens to a call that cannot be told apart.</summary>
internal enum MissingIdentity
{
    /// <summary>It is counted by its address; without one, the limit does not apply and that is recorded.</summary>
    Address,

    /// <summary>The limit does not apply, and that is recorded.</summary>
    Skip,

    /// <summary>All such calls count together.</summary>
    Share,

    /// <summary>It is refused.</summary>
    Reject,
}
