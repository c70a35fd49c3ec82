using LlmGuard.Plugins.InjectionProtection.Rules;

namespace LlmGuard.Plugins.InjectionProtection.Settings;

/// <summary>A set of types to look for in a text, and whether the text is said to the model, which does more than read it.</summary>
internal readonly record struct TypeSet(int Bits)
{
    private const int Web = (1 << ((int)InjectionType.Xss + 1)) - 1;
    private const int Direct = (1 << (int)InjectionType.PromptInjection) | (1 << (int)InjectionType.Jailbreak);

    private const int Said = 1 << 30;

    public bool IsEmpty => (Bits & ~Said) == 0;

    /// <summary>Whether the text is said to the model.</summary>
    public bool IsSaid => (Bits & Said) != 0;

    public bool HasWeb => (Bits & Web) != 0;

    public bool HasPrompts => (Bits & (Direct | (1 << (int)InjectionType.IndirectInjection))) != 0;

    public bool Has(InjectionType type) => (Bits & (1 << (int)type)) != 0;

    /// <summary>
    /// Whether a rule of a type counts: what overrides a model's orders does so in a document too, where it is an indirect injection.
    /// </summary>
    public bool Covers(InjectionType type) => Has(type) || (type == InjectionType.PromptInjection && Has(InjectionType.IndirectInjection));

    public TypeSet With(InjectionType type) => new(Bits | (1 << (int)type));

    public TypeSet Without(InjectionType type) => new(Bits & ~(1 << (int)type));

    public TypeSet AsSaid() => new(Bits | Said);

    public TypeSet Union(TypeSet other) => new(Bits | other.Bits);

    public static bool IsWeb(InjectionType type) => type <= InjectionType.Xss;
}
