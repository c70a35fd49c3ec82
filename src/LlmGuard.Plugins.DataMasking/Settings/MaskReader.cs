using System.Text;
using LlmGuard.Plugins.DataMasking.Masks;

namespace LlmGuard.Plugins.DataMasking.Settings;

/// <summary>Reads what becomes of the matches of one rule or entity.</summary>
/// <param name="hashKey">The key of hashes and made-up values.</param>
/// <param name="reversible">Where originals are kept; null when they are not.</param>
internal sealed class MaskReader(GuardrailSecret? hashKey, ReversibleMasking? reversible)
{
    private static readonly KeyValuePair<string, MaskAction?>[] Actions =
    [
        new("mask", MaskAction.Mask), new("hash", MaskAction.Hash), new("reversible", MaskAction.Reversible), new("synthetic", MaskAction.Synthetic),
        new("partial", MaskAction.Partial), new("block", MaskAction.Block), new("flag", MaskAction.Flag),
    ];

    /// <summary>What happens where a policy says nothing.</summary>
    public MaskChoice Default => new(reversible is null ? MaskAction.Mask : MaskAction.Reversible, false);

    /// <summary>Reads <c>action</c> and <c>preserve_len</c>.</summary>
    /// <returns>What is said of them; the mask itself is made by <see cref="Make"/>.</returns>
    public MaskChoice Read(GuardrailSettings settings)
    {
        var keepsLength = settings.Boolean("preserve_len", false);
        var action = settings.Choice("action", null, Actions);
        if (keepsLength && action is not (null or MaskAction.Mask))
        {
            settings.Problem("preserve_len", "has a meaning for the action \"mask\" only: expected false");
        }

        if (action == MaskAction.Reversible && reversible is null)
        {
            settings.Problem("action", "\"reversible\" needs \"reversible_hashing\": {\"enabled\": true} in the settings");
        }

        return new MaskChoice(action ?? (keepsLength ? MaskAction.Mask : Default.Action), keepsLength);
    }

    /// <summary>Makes the masks of a rule.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="type">What it finds; made-up values know some types.</param>
    /// <param name="mask">The fixed text, which also stands wherever the action has nothing to go by.</param>
    /// <param name="choice">What happens.</param>
    public MaskingRule Make(string id, string type, string mask, MaskChoice choice)
    {
        var text = Replacement.Literal(mask);
        var rule = new MaskingRule(id, type, choice.Action, text, text, text);
        switch (choice.Action)
        {
            case MaskAction.Hash:
                var hash = Replacement.Rendered(new HashMask(MaskKey.For(hashKey, "hash"), NameOf(type, mask)).Render, MaskStrength.Hash, mask);
                return rule with { Match = hash, Union = hash };
            case MaskAction.Reversible when reversible is not null:
                var token = Replacement.ReversibleToken(reversible, NameOf(type, mask), mask);
                return rule with { Match = token, Union = token };
            case MaskAction.Synthetic:
                var synthetic = new SyntheticMask(MaskKey.For(hashKey, "synthetic"), type);
                return rule with { Match = Replacement.Rendered(synthetic.Render, MaskStrength.Synthetic, mask) };
            case MaskAction.Partial:
                var partial = new PartialMask(mask);
                return rule with { Match = Replacement.Rendered(partial.Render, MaskStrength.Partial, mask), Partial = partial };
            default:
                return choice.KeepsLength ? rule with { Match = Replacement.Fill(OnlyRune(mask) ?? new Rune('*'), mask), KeepsLength = true } : rule;
        }
    }

    // An entity is its own name; a rule's mask says what it masks: [MASKED_KEY] gives KEY.
    private static string NameOf(string type, string mask)
    {
        var source = type is "keyword" or "regex" ? mask : type;
        var name = new StringBuilder();
        foreach (var c in source)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_');
        }

        var word = name.ToString().Trim('_');
        word = word.StartsWith("MASKED_", StringComparison.Ordinal) ? word["MASKED_".Length..] : word;
        return word.Length == 0 || !char.IsAsciiLetter(word[0]) ? "VALUE" : word[..Math.Min(word.Length, MaxNameLength)].TrimEnd('_');
    }

    private const int MaxNameLength = 32;

    private static Rune? OnlyRune(string text) =>
        text.Length > 0 && Rune.GetRuneAt(text, 0) is var rune && rune.Utf16SequenceLength == text.Length ? rune : null;
}

/// <summary>What happens to the matches of a rule.</summary>
/// <param name="Action">What.</param>
/// <param name="KeepsLength">Whether a fixed mask is as long as what it stands for.</param>
internal readonly record struct MaskChoice(MaskAction Action, bool KeepsLength);
