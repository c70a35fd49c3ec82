namespace LlmGuard.Plugins.InjectionProtection.Rules;

/// <summary>What kind of injection a rule finds; the <c>type</c> of a setting and of a finding.</summary>
internal enum InjectionType
{
    Sql,
    NoSql,
    Command,
    Path,
    Ldap,
    Xml,
    Ssrf,
    File,
    Template,
    Xpath,
    Header,
    Xss,
    PromptInjection,
    Jailbreak,
    IndirectInjection,
    SystemPromptLeak,

    /// <summary>A pattern of the policy's own.</summary>
    Custom,
}
