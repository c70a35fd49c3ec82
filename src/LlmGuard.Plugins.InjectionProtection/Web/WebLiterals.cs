using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Web.Paths;
using LlmGuard.Plugins.InjectionProtection.Web.Templates;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>What has to hold around a literal for its rule.</summary>
internal enum LiteralPlace : byte
{
    Anywhere,

    /// <summary>Not in the middle of a word.</summary>
    AtWord,

    /// <summary>Behind a line break.</summary>
    AtLine,

    /// <summary>A name of a file, at a boundary of a path.</summary>
    AtPath,

    /// <summary>The same, where it is a value or the argument of a command, and not in a sentence about it.</summary>
    AtValue,

    /// <summary>A name of a class, at the start of one of the steps that lead to it.</summary>
    AtStep,

    /// <summary>A program with its folder, where a value or a command begins.</summary>
    AtProgram,
}

/// <summary>Texts that hardly mean anything else, and where they do.</summary>
internal static class WebLiterals
{
    private static readonly LiteralSet<(InjectionRule Rule, LiteralPlace Place)> Set = new(
        (["/etc/passwd", "/etc/shadow", "/etc/master.passwd", "/etc/gshadow", "/proc/self/environ", "/proc/self/cmdline", "/proc/self/fd",
            "/proc/self/maps", "/var/run/secrets", "/dev/tcp/", "/etc/passwd-", "/root/."], (InjectionRules.PathSystem, LiteralPlace.AtPath)),
        (["/etc/", "/proc/version", "/proc/cmdline", "/proc/net/", "/proc/sched", "/proc/1/", "/proc/cpuinfo", "/proc/mounts", "/proc/stat",
            "/proc/", "/var/log/", "/var/spool/cron", "/var/lib/mysql", "/var/mysql", "/var/adm/", "/var/www/", "/usr/local/apache",
            "/usr/local/etc/", "/usr/local/php", "/usr/local/pgsql", "/usr/local/cpanel", "/usr/local/nginx", "/usr/local/mysql", "/opt/lampp",
            "/opt/xampp", "/opt/apache", "/usr/etc/", "/usr/lib/cron", "/usr/ports/", "/logs/access", "/logs/error", "/apache/logs", "/apache/conf",
            "/apache2/", "/apache/php", "/web/conf/", "/nginx/conf", "/conf/httpd", "/php/php.ini", "/xampp/", "/mysql/data", "/mysql/my",
            "/bin/php.ini", "/library/webserver", "/volumes/", "/sys/class", "/sys/", "/home/postgres", "/var/cpanel", "/var/local/www",
            "/netserver/bin", "/php4/", "/php5/", "/php/sessions", "/win32-x86/", "/boot/grub", "/boot/vmlinuz", "/var/lib/", "/var/spool/",
            "/var/mail/", "/run/secrets"], (InjectionRules.PathSystem, LiteralPlace.AtValue)),
        (["boot.ini", "win.ini", "system.ini", "windows\\system32", "windows/system32", "winnt\\", "winnt/", "\\inetpub\\", "/inetpub/",
            "c:\\windows", "c:/windows", "c:\\boot", "c:/boot", "\\xampp\\", "\\wamp\\", "\\mysql\\", "/wamp/", "c:/php", "c:\\php", "c:/xampp",
            "c:/users", "c:\\users", "c:/program", "c:\\program", "c:\\apache", "c:/apache", "c:/inetpub", "c:\\inetpub", "c:/mysql", "c:\\mysql",
            "c:/unattend", "c:/sysprep", "c:\\documents", "c:/documents", "c:/home", "d:\\appserv", "c:/nginx", "c:/winnt", "c:\\nginx",
            "system32\\", "system32/", "autoexec.bat", "windows\\repair", "cmd.exe", "unattend.xml", "sysprep.inf", "web.config", "global.asa",
            "applicationhost.config", "web-inf", "meta-inf/", "windows/php.ini", "/windows/", "\\windows\\", "c:\\sys", "c:/sys", "\\logs\\access",
            "\\logs\\error", "\\apache\\", "httpd.conf", "php.ini", "my.cnf", "access_log", "error_log", "access.log", "error.log"],
            (InjectionRules.PathSystem, LiteralPlace.AtValue)),
        ([".ssh/id_", ".ssh/authorized", "id_rsa", "id_dsa", "id_ed25519", ".aws/credentials", ".htpasswd", ".htaccess", ".bash_history",
            ".mysql_history", ".git/config", ".git/head", ".svn/entries", "wp-config", ".pgpass", ".netrc", ".npmrc", ".docker/config",
            ".kube/config", "/.env", "localconfig.php", "configuration.php", "sam.bak", "/sam", "config/database.yml", "ntuser.dat",
            ".zsh_history"], (InjectionRules.FileSecret, LiteralPlace.AtPath)),
        ([".bashrc", ".profile"], (InjectionRules.FileSecret, LiteralPlace.AtValue)),
        (["php://", "zip://", "phar://", "expect://", "data://", "glob://", "ogg://", "rar://", "compress.zlib://", "compress.bzip2://", "zlib:",
            "ssh2.", "php:filter", "convert.base64-encode", "convert.iconv."], (InjectionRules.FileWrapper, LiteralPlace.AtWord)),
        (["file://", "file:/", "sftp://", "unix:/"], (InjectionRules.SsrfScheme, LiteralPlace.AtValue)),
        (["gopher://", "dict://", "ldap://", "ldaps://", "jar:http", "jar:file", "jar:gopher", "netdoc:", "tftp://", "smb://", "rmi://", "jndi:",
            "url:file", "url:http", "view-source:", "mailto://", "imap://"], (InjectionRules.SsrfScheme, LiteralPlace.AtWord)),
        (["169.254.169.254", "169.254.170.2", "metadata.google.internal", "100.100.100.200", "instance-data", "metadata/v1", "latest/meta-data",
            "computemetadata", "0xa9fea9fe", "2852039166", "fd00:ec2::254", "metadata.tencentyun", "192.0.0.192"], (InjectionRules.SsrfInternal,
            LiteralPlace.Anywhere)),
        (["<!doctype", "<!entity", "<!element", "<!notation", "&xxe;", "%xxe;", "%dtd;", "&exfil;", "%remote;"], (InjectionRules.XmlEntity,
            LiteralPlace.Anywhere)),
        (["xi:include", "xmlns:xi=", "2001/xinclude", "<?xml-stylesheet", "system-property(", "document('http", "document(\"http", "document('/",
            "php:function", "xmlns:php=", "msxsl:script", "xsl:include", "xsl:import", "xsl:template", "xsl:stylesheet", "xsl:value-of",
            "<!doctype foo", "<!doctype data", "<!doctype test", "<!doctype root", "<!doctype xxe"],
            (InjectionRules.XmlInclude, LiteralPlace.Anywhere)),
        (["${jndi", "$%7bjndi", "#{jndi", "%{jndi"], (InjectionRules.TemplateLookup, LiteralPlace.Anywhere)),
        (["__class__", "__globals__", "__mro__", "__subclasses__", "__builtins__", "__import__", "__init__.", "__getitem__", "__base__",
            "__proto__", "\"constructor\":", "[constructor][prototype]", "getruntime(", ".getclass()", "class.forname", "class.classloader",
            "class.module.",
            "java.lang.runtime", "java.lang.processbuilder", "java.lang.process", "javax.script", "scriptenginemanager", "freemarker.template",
            "t(java", "newinstance()", "unsafeevaluator", "ognlcontext", "@ognl", "_memberaccess", "#context[", "com.opensymphony",
            "allowstaticmethodaccess", "process.mainmodule", "child_process", "constructor.constructor", "springframework.context",
            "org.apache.commons.collections", "com.sun.org.apache", "cycler.__", "lipsum.__", "joiner.__", "_tpl_vars",
            "registerundefinedfiltercallback", "smarty_internal", "{php}", "self::getstreamvariable", "{literal}", "system.diagnostics.process",
            "java.io.", "java.beans.", "java.net.", "org.omg.corba", "java.util.zip", "java.lang.", "java.naming", "groovy.lang", "velocity.",
            "$class.inspect", "getproperty"], (InjectionRules.TemplateObject, LiteralPlace.AtWord)),
        (["constructor.prototype", "constructor[prototype]", "clonetransformer", "forclosure", "instantiatefactory", "instantiatetransformer",
            "invokertransformer", "prototypeclonefactory", "prototypeserializationfactory", "whileclosure", "processbuilder"],
            (InjectionRules.TemplateObject, LiteralPlace.AtStep)),
        (["o:", "ro0abx", "ro0ab", "h4siaaaaaaaa", "aced0005", "aaeaaad/////", "!!python/", "!!javax", "!!java.", "!ruby/object", "cos\nsystem",
            "csubprocess", "cposix\nsystem", "_$$nd_func$$_", "\"$type\":\"system", "\"$type\": \"system", "\"@type\":\"", "\"@type\": \"",
            "objectdataprovider", "typeconfusedelegate", "windowsidentity"], (InjectionRules.TemplateSerialized, LiteralPlace.AtWord)),
        (["this.constructor.constructor", "db.injection", "db.getcollection", "db.runcommand(", "db.admincommand(", "db.createuser(",
            "db.dropdatabase(", "mapreduce:", ";it=new date", "db.version(", "$func="], (InjectionRules.NoSqlScript, LiteralPlace.Anywhere)),
        (["set-cookie:", "set-cookie=", "content-length:", "http/1.", "x-xss-protection:", "transfer-encoding:", "content-type:text",
            "content-type: text/html", "x-forwarded-for:", "x-forwarded-host:", "mail from:", "rcpt to:", "ehlo ", "helo ", "flushall",
            "config set", "slaveof "], (InjectionRules.HeaderSplit, LiteralPlace.AtLine)),
        (["system(", "shell_exec(", "passthru(", "popen(", "proc_open(", "pcntl_exec(", "exec(", "subprocess.", "os.system", "os.popen",
            "commands.getoutput", "runtime.exec", "child_process.exec", "require('child", "require(\"child", "kernel.exec", "io.popen",
            "open4.popen", "#exec cmd", "<!--#exec", "<!--#include", "<!--#echo", "<!--#printenv", "<!--#set", "<!--#config", "<!--#flastmod",
            "<!--#fsize", "<esi:include", "<esi:inline", "<esi:debug", "<esi:vars", "<esi:assign", "<jsp:scriptlet", "<jsp:include",
            "<jsp:expression", "assert(", "create_function(", "preg_replace('/", "call_user_func", "base64_decode(", "file_get_contents(",
            "file_put_contents(", "fsockopen(", "phpinfo(", "<?php", "<?=", "$_get[", "$_post[", "$_request[", "$_cookie[", "$_server[",
            "$_session[", "$globals[", "%comspec%", "${@print", "eval(", "auto_prepend_file", "allow_url_include", "wscript.shell",
            "scripting.filesystemobject", "response.write(", "pickle.loads", "__import__('os", "require 'open", "iex(", "-encodedcommand",
            "-executionpolicy", "downloadstring(", "downloadfile(", "net.webclient", "invoke-expression", "invoke-webrequest", "invoke-mimikatz",
            "start-process", "for /f", "cmd /c", "cmd.exe", "bash -i", "bash -c", "sh -c", "nc -e", "nc -l", "nc -v", "-e /bin", "socket.tcpsocket",
            "rubygems", "python -c", "perl -e", "ruby -e", "php -r", "node -e", "|whoami", "ping -c", "ping -n", "ping -i"],
            (InjectionRules.CommandCall,
            LiteralPlace.AtWord)),
        (["/bin/sh", "/bin/bash", "/bin/cat", "/bin/ls", "/bin/id", "/usr/bin/id", "/usr/bin/", "/bin/uname", "/usr/sbin/", "/sbin/"],
            (InjectionRules.CommandCall, LiteralPlace.AtProgram)),
        (["\\input{", "\\include{", "\\write18", "\\immediate", "\\openin", "\\openout", "\\newread", "\\newwrite", "\\lstinputlisting",
            "\\verbatiminput", "\\read\\", "\\catcode", "\\usepackage{verbatim", "\\csname", "\\loop\\", "\\url{file", "\\closeout", "\\typeout{",
            "\\fileline", "\\closein"], (InjectionRules.FileLatex, LiteralPlace.Anywhere)));

    /// <summary>Bytes of a text in which its document type is looked for.</summary>
    private const int LongestHead = 256;

    private static readonly System.Buffers.SearchValues<byte> ProgramSigns = System.Buffers.SearchValues.Create(";($={"u8);

    private static readonly System.Buffers.SearchValues<byte> ChainSigns = System.Buffers.SearchValues.Create(";|&`$<>\n"u8);

    private static readonly System.Buffers.SearchValues<byte> WordBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-."u8);

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        for (var at = 0; (at = Set.Find(text, at, out var length, out var literal)) >= 0; at += length)
        {
            hits.Steps += length + StepsOf(literal.Rule);
            if (IsAt(text, at, literal.Place) && IsInContext(text, at, length, literal.Rule))
            {
                hits.Add(literal.Rule, at, at + length);
            }
        }
    }

    // What is looked at around a literal, at the most.
    private static int StepsOf(InjectionRule rule) => rule == InjectionRules.XmlEntity ? LongestHead
        : rule == InjectionRules.PathSystem || rule == InjectionRules.FileSecret || rule == InjectionRules.CommandCall
            || rule == InjectionRules.FileWrapper || rule == InjectionRules.SsrfScheme || rule == InjectionRules.SsrfInternal
            ? ValuePlace.Longest + Mention.Longest + Question.Longest + (rule == InjectionRules.CommandCall ? LongestHead : 0)
        : rule == InjectionRules.FileLatex ? LongestHead
        : rule == InjectionRules.TemplateObject ? (2 * ObjectNames.Longest) + Mention.Longest + Question.Longest : 0;

    private static bool IsAt(ReadOnlySpan<byte> text, int at, LiteralPlace place)
    {
        var before = at > 0 ? text[at - 1] : (byte)' ';
        return place switch
        {
            LiteralPlace.AtWord => !WordBytes.Contains(before) || !WordBytes.Contains(text[at]) || text[at] == '_',
            LiteralPlace.AtPath => !(before is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9')
                || (text[at] is (byte)'/' or (byte)'\\' && at < 64 && text[..at].IndexOf((byte)' ') < 0 && text[..at].IndexOf("://"u8) < 0
                && text[..at].IndexOf(".."u8) >= 0),
            LiteralPlace.AtValue => IsAt(text, at, LiteralPlace.AtPath) && ValuePlace.IsValue(text, at),
            LiteralPlace.AtStep => !AsciiByte.IsLetter(before) && before is not ((byte)'_' or (byte)'$'),
            LiteralPlace.AtProgram => IsAt(text, at, LiteralPlace.AtWord) && ValuePlace.IsCommand(text, at),
            LiteralPlace.AtLine => text[Math.Max(0, at - 3)..at].ContainsAny((byte)'\n', (byte)'\r'),
            _ => true,
        };
    }

    private static bool IsInContext(ReadOnlySpan<byte> text, int at, int length, InjectionRule rule)
    {
        if (rule == InjectionRules.TemplateLookup && text[(at + length)..] is [(byte)':', (byte)' ', ..] or [(byte)'}', ..])
        {
            // The name of lookups, and nothing that is looked up.
            return false;
        }

        if ((rule == InjectionRules.PathSystem || rule == InjectionRules.FileSecret || rule == InjectionRules.SsrfScheme)
            && (Mention.GoesOnBehindPath(text, at + length)
                || (rule == InjectionRules.PathSystem && Mention.IsToldPath(text, at, at + length)))
            || (rule == InjectionRules.FileWrapper || rule == InjectionRules.SsrfInternal || rule == InjectionRules.TemplateObject)
                && Mention.GoesOnBehindPath(text, at + length) || Question.Names(text, at, rule)
            || rule == InjectionRules.CommandCall && Mention.IsOfSentence(text, at + length))
        {
            return false;
        }

        if (rule == InjectionRules.CommandCall && at == 0 && text[0] == '/' && text[length - 1] == '/'
            && ShellWords.Read(text, 0, out _, out _) == ShellCommand.None && !text[..Math.Min(LongestHead, text.Length)].ContainsAny(ChainSigns))
        {
            // "/usr/bin/redis-server --port 1": a program of somebody's service, and none that attacks call.
            return false;
        }

        if (rule == InjectionRules.CommandCall && LiteralContext.IsManual(text, at, length))
        {
            return false;
        }

        if (rule == InjectionRules.FileSecret && ((text[at] == '.' && text[(at + length)..] is [(byte)'-', ..])
            || (AsciiByte.IsLetter(text[at]) && text[..at] is [.., not (byte)' ', (byte)'-'])))
        {
            // ".htaccess-guide.md", "how-to-use-id_rsa.md": another file, which is named after it.
            return false;
        }

        if (rule == InjectionRules.CommandCall && text[(at + length)..] is [(byte)')'] or [(byte)')', (byte)' ' or (byte)'?' or (byte)',', ..]
            && text[at + length - 1] == '(' && !text.Slice(at, length).SequenceEqual("phpinfo("u8))
        {
            // "is eval() safe": given nothing, it runs nothing.
            return false;
        }

        if (rule == InjectionRules.FileLatex && text[at + length - 1] == '{' && LiteralContext.IsOwnChapter(text[(at + length)..]))
        {
            return false;
        }

        if (rule == InjectionRules.SsrfInternal && at > 0 && text[at - 1] == ',' && text[(at + length)..] is [(byte)',', ..])
        {
            // "no_proxy=localhost,169.254.169.254,.internal": one machine of a list, and no address.
            return false;
        }

        if ((rule == InjectionRules.PathSystem || rule == InjectionRules.FileSecret) && !FileNames.IsForeign(text, at, length, rule))
        {
            return false;
        }

        if (rule == InjectionRules.PathSystem && text[at + length - 1] == 'd' && text[at..].StartsWith("/etc/passwd"u8))
        {
            return at + length >= text.Length || !AsciiByte.IsLetter(text[at + length]);
        }

        if (rule == InjectionRules.TemplateSerialized && text[(at + length)..] is [(byte)' ', (byte)'i', (byte)'s', (byte)' ', ..])
        {
            // "rO0AB is how": a sentence about it.
            return false;
        }

        if (rule == InjectionRules.TemplateSerialized && length == 2)
        {
            return LiteralContext.IsPhpObject(text[(at + length)..]);
        }

        if (rule == InjectionRules.PathSystem && length >= 8 && (text[at..].StartsWith("c:"u8) && text[(at + 3)..] is [(byte)'p' or (byte)'u', ..])
            && !text[at..].StartsWith("c:/php"u8))
        {
            return LiteralContext.IsOfServer(text[at..]);
        }

        if (rule == InjectionRules.PathSystem && length == "/etc/".Length && text[at..].StartsWith("/etc/"u8))
        {
            return at + length < text.Length && text[at + length] is >= (byte)'a' and <= (byte)'z';
        }

        if (rule == InjectionRules.TemplateObject)
        {
            return ObjectNames.IsExpression(text, at, length);
        }

        if (rule == InjectionRules.XmlEntity && length == "<!doctype".Length)
        {
            return LiteralContext.IsForeignType(text.Slice(at, Math.Min(LongestHead, text.Length - at)));
        }

        if (rule == InjectionRules.XmlEntity)
        {
            return !text[at..].StartsWith("<!element"u8) || text[..Math.Min(text.Length, LongestHead)].IndexOf("<!doctype"u8) >= 0;
        }

        if (rule == InjectionRules.CommandCall && text.Slice(at, length).SequenceEqual("<?php"u8))
        {
            // A program begins, and no sentence about programs.
            return text.Slice(at, Math.Min(LongestHead, text.Length - at)).ContainsAny(ProgramSigns);
        }

        if (rule == InjectionRules.CommandCall && at == 0 && text.StartsWith("ping -"u8))
        {
            // A machine is asked whether it is there; what follows a sign is judged as a command.
            return text[..Math.Min(LongestHead, text.Length)].ContainsAny(ChainSigns);
        }

        if (rule == InjectionRules.CommandCall && at is >= 2 and <= 3 && text[..2].SequenceEqual("#!"u8))
        {
            // The first line of a script names its interpreter.
            return false;
        }

        if (rule == InjectionRules.XmlInclude && text[at] == 'x' && text.Slice(at, length).IndexOf("xsl"u8) < 0 || rule == InjectionRules.XmlInclude
            && text[at] == '2')
        {
            return !LiteralContext.IsOwnPart(text.Slice(at, Math.Min(LongestHead, text.Length - at)));
        }

        if (rule == InjectionRules.TemplateSerialized && text[at..].StartsWith("\"@type\""u8))
        {
            return LiteralContext.IsClass(text[(at + length)..]);
        }

        if (rule == InjectionRules.SsrfScheme && text[at..].StartsWith("ldap"u8) && LiteralContext.IsEntry(text[(at + length)..]))
        {
            return false;
        }

        if (rule == InjectionRules.SsrfScheme && (FileNames.IsOwnFolder(text[(at + length)..]) || LiteralContext.IsDirectoryServer(text, at, length)))
        {
            return false;
        }

        if (rule == InjectionRules.FileWrapper && length > 4 && text[at + length - 1] is (byte)'/' or (byte)':')
        {
            return LiteralContext.IsWrapped(text[at..], length);
        }

        if (rule == InjectionRules.SsrfScheme)
        {
            return at + length < text.Length && text[at + length] > ' ';
        }

        return true;
    }
}
