namespace LlmGuard.Counters.Identity;

/// <summary>What a limit tells calls apart by; the setting <c>by</c>.</summary>
public enum CounterDimension
{
    /// <summary>Nothing: all calls count together. <c>global</c>.</summary>
    Global,

    /// <summary>The address of the peer as the application's server established it, IPv6 by network of 64 bits. <c>ip</c>.</summary>
    Ip,

    /// <summary>The consumer, under its other name. <c>user</c>.</summary>
    User,

    /// <summary>The caller as the application authenticated it. <c>consumer</c>.</summary>
    Consumer,

    /// <summary>Each group of the caller, the first 16. <c>group</c>.</summary>
    Group,

    /// <summary>The credential that the request carries, whether it is valid or not. <c>key</c>.</summary>
    Key,

    /// <summary>Consumer, credential, address and user agent together. <c>fingerprint</c>.</summary>
    Fingerprint,

    /// <summary>A header that the policy trusts. <c>header</c>.</summary>
    Header,

    /// <summary>The model that the request names; those that name none count together. <c>model</c>.</summary>
    Model,
}

/// <summary>What happens to a call that a limit cannot tell apart; the setting <c>missing</c>.</summary>
public enum MissingIdentity
{
    /// <summary>It counts by its address; without one, the limit does not apply to it. <c>address</c>.</summary>
    Address,

    /// <summary>The limit does not apply to it. <c>skip</c>.</summary>
    Skip,

    /// <summary>All such calls count together. <c>share</c>.</summary>
    Share,

    /// <summary>It is refused. <c>reject</c>.</summary>
    Reject,
}
