namespace LlmGuard;

/// <summary>Whose doing a failure is. The class, not the plugin, decides what a failure leads to.</summary>
public enum FailureClass
{
    /// <summary>
    /// This content could not be judged, and whoever sent it can make that happen again: undecodable, over a limit, a bound hit, a judge's
    /// answer without a usable verdict. Always refused by an enforcing entry, whatever its <c>on_error</c>.
    /// </summary>
    Input,

    /// <summary>The upstream's answer could not be read. Always refused by an enforcing entry.</summary>
    Output,

    /// <summary>
    /// A service that is needed is not there: connection, TLS, credentials, throttling, 5xx, time-out, open breaker. <c>on_error</c> decides.
    /// </summary>
    Availability,
}
