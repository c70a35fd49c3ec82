using static LlmGuard.FindingSeverity;
using static LlmGuard.Plugins.CodeSanitation.Rules.CodeGroup;
using static LlmGuard.Scanning.Lexing.Code.CodeLanguages;

namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>The rules that are no calls: commands, queries, markup, and what stands between back quotes.</summary>
internal static class Structures
{
    public static readonly CodeRule[] All =
    [
        new("shell.download_and_run", Shell | PowerShell, DownloadAndRun, High),
        new("shell.decode_and_run", Shell, DownloadAndRun, High),
        new("shell.encoded_command", PowerShell | Shell, DownloadAndRun, High),
        new("shell.reverse_shell", Shell, ReverseShell, High),
        new("shell.destruction", Shell | PowerShell, Destruction, High),
        new("shell.credential_theft", Shell, Credentials, High),
        new("shell.shellshock", Shell, ProcessStart, High),
        new("shell.server_include", Shell | Html, ProcessStart, High),
        new("shell.credentials", Shell, Credentials, Medium),
        new("shell.persistence", Shell, FileSystem, Medium),
        new("shell.delete", Shell, FileSystem, Low),
        new("shell.inline_code", Shell, ProcessStart, Low),
        new("shell.fetch", Shell, Network, Low),
        new("command.untrusted", Ruby | Php | Shell, ProcessStart, High),
        new("command.dangerous", Ruby | Php, ProcessStart, High),
        new("command.dynamic", Ruby | Php, ProcessStart, Medium),
        new("command", Ruby | Php, ProcessStart, Low),
        new("perl.pipe", Php | Ruby, ProcessStart, Medium),
        new("php.written_program", Php, DynamicEvaluation, High),
        new("command.shell_list", Shell | Python | JavaScript, ProcessStart, Medium),
        new("groovy.command", Java, ProcessStart, Medium),
        new("scala.command", Java, ProcessStart, Medium),
        new("javascript.where", JavaScript, Database, Medium),
        new("javascript.markup_property", JavaScript, Markup, Medium),
        new("javascript.hidden_call", JavaScript, DynamicEvaluation, High),
        new("sql.command_shell", Sql, ProcessStart, High),
        new("sql.dynamic", Sql, DynamicEvaluation, Medium),
        new("sql.privilege", Sql, Database, Medium),
        new("sql.stacked", Sql, Database, High),
        new("sql.file", Sql, FileSystem, Medium),
        new("sql.delay", Sql, Database, Medium),
        new("sql.union", Sql, Database, Low),
        new("sql.destruction", Sql, Destruction, Medium),
        new("sql.write", Sql, Database, Low),
        new("sql.read", Sql, Database, Low),
        new("html.script_theft", Html, Markup, High),
        new("html.script_uri", Html, Markup, Low),
        new("html.event_handler", Html, Markup, Low),
        new("html.script", Html, Markup, Low),
        new("html.frame", Html, Markup, Low),
        new("tls.unverified", JavaScript | Go, WeakPractice, Medium),
        new("rust.unsafe", Rust, Memory, Low),
    ];
}
