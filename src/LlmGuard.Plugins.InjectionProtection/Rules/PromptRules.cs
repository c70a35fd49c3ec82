using static LlmGuard.FindingSeverity;
using static LlmGuard.Plugins.InjectionProtection.Rules.InjectionType;

namespace LlmGuard.Plugins.InjectionProtection.Rules;

/// <summary>The rules for what is addressed to a model rather than to a program.</summary>
internal static class PromptRules
{
    public static readonly InjectionRule Override = new("prompt.override", InjectionType.PromptInjection, Critical);
    public static readonly InjectionRule RoleMarker = new("prompt.role_marker", InjectionType.PromptInjection, High);
    public static readonly InjectionRule NewTask = new("prompt.new_task", InjectionType.PromptInjection, High);
    public static readonly InjectionRule Extraction = new("prompt.extraction", InjectionType.PromptInjection, High);
    public static readonly InjectionRule Unrestricted = new("jailbreak.unrestricted_persona", InjectionType.Jailbreak, High);
    public static readonly InjectionRule Mode = new("jailbreak.mode", InjectionType.Jailbreak, High);
    public static readonly InjectionRule DualAnswer = new("jailbreak.dual_answer", InjectionType.Jailbreak, Medium);
    public static readonly InjectionRule ManyShot = new("jailbreak.many_shot", InjectionType.Jailbreak, High);
    public static readonly InjectionRule Instruction = new("indirect.instruction", IndirectInjection, High);
    public static readonly InjectionRule OffTopic = new("indirect.off_topic_request", IndirectInjection, Medium);
    public static readonly InjectionRule Exfiltration = new("indirect.exfiltration", IndirectInjection, Critical);
    public static readonly InjectionRule Hidden = new("indirect.hidden_text", IndirectInjection, High);
    public static readonly InjectionRule Canary = new("leak.canary", SystemPromptLeak, Critical);
    public static readonly InjectionRule Similarity = new("leak.similarity", SystemPromptLeak, High);
}
