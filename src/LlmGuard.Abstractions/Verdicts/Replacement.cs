using System.Text;

namespace LlmGuard;

/// <summary>What an edited span becomes. Rendered by the engine, on the merged span when edits of several entries overlap.</summary>
public sealed class Replacement
{
    /// <summary>Longest type of a placeholder that can be restored.</summary>
    internal const int MaxTypeLength = 40;

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

    internal MaskRenderer? Renderer { get; private init; }

    internal ReversibleMasking? Reversible { get; private init; }

    /// <summary>The type of a placeholder that can be restored.</summary>
    internal string Type { get; private init; } = "";

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

    /// <summary>A text made of what it stands for: a hash, a part of it, a made-up value.</summary>
    /// <param name="render">Makes it. Called with the merged span's text; when it throws or returns a lone surrogate, <paramref name="unionText"/>
    /// stands instead.</param>
    /// <param name="strength">How much of the original it tells.</param>
    /// <param name="unionText">
    /// What a union of overlapping edits becomes instead, unless <paramref name="strength"/> is <see cref="MaskStrength.Hash"/> or
    /// <see cref="MaskStrength.Full"/>: a union has no parts or form to keep.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="unionText"/> holds a lone surrogate.</exception>
    public static Replacement Rendered(MaskRenderer render, MaskStrength strength, string unionText = "[MASKED]")
    {
        ArgumentNullException.ThrowIfNull(render);
        ArgumentNullException.ThrowIfNull(unionText);
        ThrowIfIllFormed(unionText, nameof(unionText));
        return new Replacement(ReplacementForm.Rendered, unionText, default, strength) { Renderer = render };
    }

    /// <summary>A placeholder that the engine turns back into what it stands for, once the model's answer has passed every guard.</summary>
    /// <param name="masking">Where the originals are kept; the entry's evaluator names it as <see cref="IReversibleEvaluator.Reversible"/>.</param>
    /// <param name="type">What it stands for: an ASCII letter, then letters, digits and underscores, 40 at most; written in upper case.</param>
    /// <param name="fallback">
    /// What stands instead where nothing can be restored: in answers, where the conversation is kept by the provider, when the vault is full. The
    /// decision then has a finding of type <c>irreversible</c>.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="type"/> has another form, or <paramref name="fallback"/> holds a lone
    /// surrogate.</exception>
    public static Replacement ReversibleToken(ReversibleMasking masking, string type, string fallback = "[MASKED]")
    {
        ArgumentNullException.ThrowIfNull(masking);
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(fallback);
        ThrowIfIllFormed(fallback, nameof(fallback));
        if (type.Length > MaxTypeLength || !char.IsAsciiLetter(type[0]) || !type.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw new ArgumentException("A placeholder's type is an ASCII letter, then letters, digits and underscores.", nameof(type));
        }

        return new Replacement(ReplacementForm.Reversible, fallback, default, MaskStrength.Hash)
        {
            Reversible = masking,
            Type = type.ToUpperInvariant(),
        };
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
    Rendered,
    Reversible,
}

/// <summary>Makes the text that stands in the place of another. Thread-safe, fast, and without side effects.</summary>
/// <param name="original">The text it stands for, as UTF-8.</param>
/// <param name="conversation">
/// 32 bytes that are the same throughout one conversation of one caller and differ elsewhere; random for every call of an unknown caller. Not a
/// secret: mix in a key.
/// </param>
public delegate string MaskRenderer(ReadOnlySpan<byte> original, ReadOnlySpan<byte> conversation);
