namespace LlmGuard;

/// <summary>A secret setting. Prints as asterisks wherever it ends up by accident.</summary>
public sealed class GuardrailSecret
{
    private readonly string _value;

    /// <summary>Wraps a secret.</summary>
    /// <param name="value">The secret.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public GuardrailSecret(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
    }

    /// <summary>Whether nothing was given.</summary>
    public bool IsEmpty => _value.Length == 0;

    /// <summary>The secret itself. Call it where the value is sent, and keep nothing.</summary>
    public string Reveal() => _value;

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";
}
