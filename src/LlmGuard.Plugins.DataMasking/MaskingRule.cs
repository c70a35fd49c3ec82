using System.Text;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>What a rule is called and what its matches become. Immutable.</summary>
internal sealed class MaskingRule
{
    private static readonly Replacement Nothing = Replacement.Literal("");

    private readonly Replacement _match;
    private readonly Replacement _union;

    /// <param name="id">Stable id.</param>
    /// <param name="type">What it finds.</param>
    /// <param name="mask">What a match becomes.</param>
    /// <param name="keepsLength">Whether one character is repeated instead: the mask's only one, else an asterisk.</param>
    public MaskingRule(string id, string type, string mask, bool keepsLength)
    {
        Id = id;
        Type = type;
        KeepsLength = keepsLength;
        _union = Replacement.Literal(mask);
        _match = keepsLength ? Replacement.Fill(OnlyRune(mask) ?? new Rune('*'), mask) : _union;
    }

    public string Id { get; }

    public string Type { get; }

    /// <summary>Whether a mask has as many code points as what it stands for.</summary>
    public bool KeepsLength { get; }

    /// <summary>What a span becomes.</summary>
    /// <param name="isUnion">Whether matches of different extent overlap in it.</param>
    /// <param name="isTail">Whether it continues a span that has the mask already.</param>
    public Replacement For(bool isUnion, bool isTail) => isTail && !KeepsLength ? Nothing : isUnion ? _union : _match;

    private static Rune? OnlyRune(string text) =>
        text.Length > 0 && Rune.GetRuneAt(text, 0) is var rune && rune.Utf16SequenceLength == text.Length ? rune : null;
}
