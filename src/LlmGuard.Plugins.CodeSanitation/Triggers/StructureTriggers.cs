namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>What must stand in a text for the rules of commands and queries.</summary>
internal static class StructureTriggers
{
    private static readonly string[] Fetchers =
    [
        "curl", "wget", "fetch", "lwp-download", "iwr", "irm", "invoke-webrequest", "invoke-restmethod", "start-bitstransfer", "certutil",
        "bitsadmin", "aria2c",
    ];

    private static readonly string[] Decoders = ["base64", "xxd", "openssl", "base32", "uudecode", "gunzip", "rev"];
    private static readonly string[] PowerShells = ["powershell", "pwsh", "powershell.exe"];
    private static readonly string[] Connectors = ["nc", "ncat", "netcat", "nc.traditional", "nc.openbsd", "socat", "telnet"];
    private static readonly string[] Removers = ["rm", "remove-item", "ri", "del", "erase", "rd", "rmdir", "shred"];

    private static readonly string[] Interpreters =
    [
        "sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "python", "python2", "python3", "perl", "ruby", "node", "php", "pwsh", "powershell", "iex",
        "invoke-expression", "busybox", "tclsh", "lua", "powershell.exe", "cmd", "cmd.exe", "osascript",
    ];

    /// <summary>What runs what it is given, whatever stands between.</summary>
    public static readonly string[] Evaluators = ["sh", "bash", "zsh", "dash", "ksh", "iex", "invoke-expression", "eval", "source"];

    /// <summary>What else a shell or an interpreter is called, which runs what it is given by a pipe or behind a flag.</summary>
    public static readonly string[] OtherRunners = [.. Interpreters.Except(Evaluators)];

    private static readonly string[] Hosts =
    [
        "mshta", "mshta.exe", "regsvr32", "regsvr32.exe", "rundll32", "rundll32.exe", "wscript", "wscript.exe", "cscript", "cscript.exe",
    ];

    private static readonly string[] Backups = ["vssadmin", "vssadmin.exe", "wbadmin", "shadowcopy"];

    private static readonly string[] Secrets = ["/etc/shadow", ".ssh/id_", ".aws/credentials", "/etc/gshadow", ".kube/config", "/etc/passwd"];

    private static readonly (string Rule, TriggerPlace Place, string[] Texts)[] All =
    [
        ("shell.download_and_run", TriggerPlace.CommandWithRunner, Fetchers),
        ("shell.download_and_run", TriggerPlace.Anywhere, ["downloadstring", "downloaddata"]),
        ("shell.download_and_run", TriggerPlace.Call, ["eval", "exec"]),
        ("shell.decode_and_run", TriggerPlace.Command, Decoders),
        ("shell.encoded_command", TriggerPlace.Command, PowerShells),
        ("shell.reverse_shell", TriggerPlace.Command, Connectors),
        ("shell.reverse_shell", TriggerPlace.Anywhere, ["/dev/tcp/", "/dev/udp/"]),
        ("shell.destruction", TriggerPlace.Command, Removers),
        ("shell.destruction", TriggerPlace.Anywhere, ["/dev/", ":(){", .. Enumerable.Range('a', 26).Select(drive => $"format {(char)drive}:")]),
        ("shell.credential_theft", TriggerPlace.Anywhere, Secrets),
        ("shell.credentials", TriggerPlace.Anywhere, Secrets),
        ("shell.persistence", TriggerPlace.Anywhere, ["authorized_keys", "/etc/cron", ".bashrc", "/etc/ld.so.preload"]),
        ("shell.persistence", TriggerPlace.Anywhere, ["currentversion\\run", "currentversion\\\\run"]),
        ("shell.persistence", TriggerPlace.Command, ["schtasks", "schtasks.exe"]),
        ("shell.download_and_run", TriggerPlace.Command, Hosts),
        ("shell.download_and_run", TriggerPlace.Anywhere, ["urlcache"]),
        ("shell.destruction", TriggerPlace.Command, Backups),
        ("javascript.evaluation.dynamic", TriggerPlace.Anywhere, ["0,eval)", "0, eval)"]),
        ("shell.shellshock", TriggerPlace.Anywhere, ["() { :;", "(){ :;", "() {:;", "(){:;"]),
        ("shell.server_include", TriggerPlace.Anywhere, ["<!--#exec"]),
        ("shell.delete", TriggerPlace.Command, Removers),
        ("shell.inline_code", TriggerPlace.Command, Interpreters),
        ("shell.fetch", TriggerPlace.Command, Fetchers),
        ("shell.fetch", TriggerPlace.Anywhere, ["downloadstring", "downloaddata"]),
        ("command.shell_list", TriggerPlace.Anywhere, ["\"-c\"", "'-c'", "\"/c\"", "'/c'", "`-c`", "`/c`"]),
        ("command", TriggerPlace.Name, ["qx"]),
        ("command.dynamic", TriggerPlace.Name, ["qx"]),
        ("command.untrusted", TriggerPlace.Name, ["qx"]),
        ("perl.pipe", TriggerPlace.OpenedPipe, ["|\"", "\"|", "|'", "'|"]),
        ("php.written_program", TriggerPlace.WrittenProgram, ["<?php", "<?="]),
        ("php.evaluation.dynamic", TriggerPlace.Name, ["preg_replace"]),
        ("groovy.command", TriggerPlace.Anywhere, ["\".execute(", "`.execute(", ").execute("]),
        ("scala.command", TriggerPlace.Anywhere, ["\".!", ").!", "`.!"]),
        ("javascript.where", TriggerPlace.Anywhere, ["$where"]),
        ("javascript.markup_property", TriggerPlace.Name, ["dangerouslysetinnerhtml"]),
        ("sql.dynamic", TriggerPlace.Name, ["sp_executesql"]),
        ("sql.dynamic", TriggerPlace.Anywhere,
            ["exec(@", "exec (@", "execute(@", "execute (@", "exec('", "exec ('", "execute('", "execute ('", "execute '", "execute format('"]),
        ("sql.privilege", TriggerPlace.Name, ["sp_addsrvrolemember", "superuser"]),
        ("sql.privilege", TriggerPlace.Grant, ["grant"]),
        ("sql.command_shell", TriggerPlace.Name, ["xp_cmdshell", "sp_oacreate", "xp_regwrite", "sys_exec", "sys_eval", "sp_execute_external_script"]),
        ("sql.command_shell", TriggerPlace.WithCopy, ["program"]),
        ("sql.file", TriggerPlace.Name, ["outfile", "dumpfile", "load_file", "pg_read_file", "openrowset"]),
        ("sql.delay", TriggerPlace.Name, ["waitfor"]),
        ("sql.delay", TriggerPlace.Call, ["pg_sleep", "benchmark"]),
        ("sql.destruction", TriggerPlace.BeforeObject, ["drop", "truncate"]),
        ("sql.union", TriggerPlace.Name, ["select"]),
        ("sql.read", TriggerPlace.Name, ["select"]),
        ("sql.write", TriggerPlace.Name, ["insert", "merge", "delete", "update", "alter", "create"]),
        ("html.script_theft", TriggerPlace.Anywhere, ["document.cookie", "localstorage", "eval(", "atob(", "fromcharcode", "sendbeacon"]),
        ("html.script_uri", TriggerPlace.Anywhere, ["javascript:", "vbscript:", "data:text/html"]),
        ("html.script", TriggerPlace.Anywhere, ["<script", "</script"]),
        ("html.frame", TriggerPlace.Anywhere, ["<iframe", "</iframe", "<object", "</object", "<embed", "</embed", "<applet", "</applet"]),
        ("tls.unverified", TriggerPlace.Name, ["rejectunauthorized", "strictssl", "insecureskipverify"]),
        ("rust.unsafe", TriggerPlace.Name, ["unsafe"]),
    ];

    /// <summary>The triggers of the rules that are asked for.</summary>
    /// <param name="readersFor">By the id of a rule who is to read what it is about; nobody where it is not asked for.</param>
    public static IEnumerable<Trigger> Of(Func<string, CodeReaders> readersFor) =>
        from rule in All
        let readers = readersFor(rule.Rule)
        where readers != CodeReaders.None
        from text in rule.Texts
        select new Trigger(text, rule.Place, readers);

    /// <summary>Who finds what a rule is about.</summary>
    /// <param name="rule">The id of the rule.</param>
    public static CodeReaders ReaderOf(string rule) => rule.Split('.')[0] switch
    {
        "shell" => CodeReaders.Commands,
        "sql" => CodeReaders.Queries,
        "html" => CodeReaders.Markup,
        _ => CodeReaders.Programs,
    };
}
