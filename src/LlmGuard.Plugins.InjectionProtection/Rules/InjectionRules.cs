using static LlmGuard.FindingSeverity;
using static LlmGuard.Plugins.InjectionProtection.Rules.InjectionType;

namespace LlmGuard.Plugins.InjectionProtection.Rules;

/// <summary>The rules that are built in, each named after its id: first what is addressed to a model, then what is addressed to a program.</summary>
internal static class InjectionRules
{
    public static readonly InjectionRule PromptOverride = new("prompt.override", PromptInjection, Critical);
    public static readonly InjectionRule PromptRoleMarker = new("prompt.role_marker", PromptInjection, High);
    public static readonly InjectionRule PromptNewTask = new("prompt.new_task", PromptInjection, High);
    public static readonly InjectionRule PromptExtraction = new("prompt.extraction", PromptInjection, High);
    public static readonly InjectionRule PromptWeakSigns = new("prompt.weak_signs", PromptInjection, Medium);

    public static readonly InjectionRule JailbreakPersona = new("jailbreak.unrestricted_persona", Jailbreak, High);
    public static readonly InjectionRule JailbreakMode = new("jailbreak.mode", Jailbreak, High);
    public static readonly InjectionRule JailbreakDualAnswer = new("jailbreak.dual_answer", Jailbreak, Medium);
    public static readonly InjectionRule JailbreakManyShot = new("jailbreak.many_shot", Jailbreak, High);
    public static readonly InjectionRule JailbreakSuffix = new("jailbreak.adversarial_suffix", Jailbreak, High);

    public static readonly InjectionRule IndirectInstruction = new("indirect.instruction", IndirectInjection, High);
    public static readonly InjectionRule IndirectOffTopic = new("indirect.off_topic_request", IndirectInjection, Low);
    public static readonly InjectionRule IndirectExfiltration = new("indirect.exfiltration", IndirectInjection, Critical);
    public static readonly InjectionRule IndirectHidden = new("indirect.hidden_text", IndirectInjection, High);

    public static readonly InjectionRule LeakCanary = new("leak.canary", SystemPromptLeak, Critical);
    public static readonly InjectionRule LeakSimilarity = new("leak.similarity", SystemPromptLeak, High);

    public static readonly InjectionRule SqlUnion = new("sql.union", Sql, Critical);
    public static readonly InjectionRule SqlTautology = new("sql.tautology", Sql, High);
    public static readonly InjectionRule SqlBreakout = new("sql.breakout", Sql, High);
    public static readonly InjectionRule SqlStacked = new("sql.stacked", Sql, Critical);
    public static readonly InjectionRule SqlStatement = new("sql.statement", Sql, Medium);
    public static readonly InjectionRule SqlSubquery = new("sql.subquery", Sql, High);
    public static readonly InjectionRule SqlDelay = new("sql.delay", Sql, Critical);
    public static readonly InjectionRule SqlFunction = new("sql.function", Sql, High);
    public static readonly InjectionRule SqlCatalog = new("sql.catalog", Sql, High);
    public static readonly InjectionRule SqlClause = new("sql.clause", Sql, Medium);
    public static readonly InjectionRule SqlComment = new("sql.comment", Sql, Medium);

    public static readonly InjectionRule XssTag = new("xss.tag", Xss, Critical);
    public static readonly InjectionRule XssMarkup = new("xss.markup", Xss, Medium);
    public static readonly InjectionRule XssEvent = new("xss.event_handler", Xss, Critical);
    public static readonly InjectionRule XssUrl = new("xss.script_url", Xss, High);
    public static readonly InjectionRule XssScript = new("xss.script", Xss, High);
    public static readonly InjectionRule XssStyle = new("xss.style", Xss, Medium);

    public static readonly InjectionRule CommandChain = new("command.chain", Command, Critical);
    public static readonly InjectionRule CommandSubstitution = new("command.substitution", Command, Critical);
    public static readonly InjectionRule CommandLine = new("command.line", Command, Medium);
    public static readonly InjectionRule CommandShell = new("command.shell", Command, High);
    public static readonly InjectionRule CommandEvasion = new("command.evasion", Command, High);
    public static readonly InjectionRule CommandCall = new("command.call", Command, High);
    public static readonly InjectionRule CommandOption = new("command.option", Command, High);

    public static readonly InjectionRule PathTraversal = new("path.traversal", InjectionType.Path, High);
    public static readonly InjectionRule PathEncoded = new("path.encoded_traversal", InjectionType.Path, High);
    public static readonly InjectionRule PathSystem = new("path.system_file", InjectionType.Path, High);

    public static readonly InjectionRule FileWrapper = new("file.wrapper", InjectionType.File, High);
    public static readonly InjectionRule FileInclude = new("file.remote_include", InjectionType.File, High);
    public static readonly InjectionRule FileSecret = new("file.credential_file", InjectionType.File, High);
    public static readonly InjectionRule FileDisguise = new("file.disguised_name", InjectionType.File, High);
    public static readonly InjectionRule FileLatex = new("file.latex", InjectionType.File, High);

    public static readonly InjectionRule LdapFilter = new("ldap.filter", Ldap, High);
    public static readonly InjectionRule XmlEntity = new("xml.entity", Xml, Critical);
    public static readonly InjectionRule XmlInclude = new("xml.include", Xml, High);
    public static readonly InjectionRule SsrfScheme = new("ssrf.scheme", Ssrf, High);
    public static readonly InjectionRule SsrfInternal = new("ssrf.internal_host", Ssrf, High);
    public static readonly InjectionRule SsrfRedirect = new("ssrf.redirect", Ssrf, Medium);
    public static readonly InjectionRule TemplateExpression = new("template.expression", Template, High);
    public static readonly InjectionRule TemplateLookup = new("template.lookup", Template, Critical);
    public static readonly InjectionRule TemplateObject = new("template.object_graph", Template, High);
    public static readonly InjectionRule TemplateSerialized = new("template.serialized_object", Template, High);
    public static readonly InjectionRule XpathExpression = new("xpath.expression", Xpath, High);
    public static readonly InjectionRule HeaderSplit = new("header.split", Header, High);
    public static readonly InjectionRule HeaderLogLine = new("header.log_line", Header, Medium);
    public static readonly InjectionRule NoSqlOperator = new("nosql.operator", NoSql, High);
    public static readonly InjectionRule NoSqlScript = new("nosql.script", NoSql, High);
    public static readonly InjectionRule NoSqlCypher = new("nosql.cypher", NoSql, High);
}
