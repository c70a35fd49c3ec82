using System.Text;

namespace LlmGuard;

/// <summary>What an edited span becomes. Rendered by the engine, on the merged span when edits of several entries overlap.</summary>
public sealed class Replacement
{
    private Replacement(ReplacementForm form, string value, Rune rune, MaskStrength strength)
    {
        Form = form;
        Value = value;
        Rune = rune;
        Strength = strength;
    }

    /// <summary>How much of the original the replacement tells.</summary>
    public MaskStrength Strength { get; }

    internal ReplacementForm Form { get; }

    internal string Value { get; }

    internal Rune Rune { get; }

    /// <summary>A fixed text.</summary>
    /// <param name="text">The text; may be empty, which removes the span.</param>
    /// <param name="strength">How much of the original it tells. Full by default.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds a lone surrogate.</exception>
    public static Replacement Literal(string text, MaskStrength strength = MaskStrength.Full)
    {
        ArgumentNullException.ThrowIfNull(text);
        ThrowIfIllFormed(text, nameof(text));
        return new Replacement(ReplacementForm.Literal, text, default, strength);
    }

    /// <summary>One character repeated as often as the span has Unicode code points.</summary>
    /// <param name="rune">The character.</param>
    /// <param name="unionText">What a union of overlapping edits becomes instead, since a union has no length to keep.</param>
    /// <exception cref="ArgumentNullException"><paramref name="unionText"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="unionText"/> holds a lone surrogate.</exception>
    public static Replacement Fill(Rune rune, string unionText = "[MASKED]")
    {
        ArgumentNullException.ThrowIfNull(unionText);
        ThrowIfIllFormed(unionText, nameof(unionText));
        return new Replacement(ReplacementForm.Fill, unionText, rune, MaskStrength.Full);
    }

    /// <summary>A numbered placeholder such as <c>[EMAIL_1]</c>: equal originals within one call get the same number.</summary>
    /// <param name="type">What it stands for: ASCII letters, digits and underscores; written in upper case.</param>
    /// <exception cref="ArgumentException"><paramref name="type"/> is empty or has other characters.</exception>
    public static Replacement Token(string type)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        if (!type.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw new ArgumentException("A placeholder's type has only ASCII letters, digits and underscores.", nameof(type));
        }

        return new Replacement(ReplacementForm.Token, type.ToUpperInvariant(), default, MaskStrength.Hash);
    }

    /// <summary>Names the form without the text.</summary>
    public override string ToString() => Form.ToString();

    private static void ThrowIfIllFormed(string text, string parameter)
    {
        if (!Utf16Text.IsWellFormed(text))
        {
            throw new ArgumentException("The text holds a lone surrogate.", parameter);
        }
    }
}

/// <summary>The forms of a <see cref="Replacement"/>.</summary>
internal enum ReplacementForm
{
    Literal,
    Fill,
    Token,
}
