using static LlmGuard.FindingSeverity;
using static LlmGuard.Plugins.CodeSanitation.Rules.CodeGroup;
using static LlmGuard.Scanning.Lexing.Code.CodeLanguages;

namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>What is dangerous in Python, JavaScript, PHP, Ruby and PowerShell.</summary>
internal static class ScriptSinks
{
    public static readonly CodeSink[] All =
    [
        new("python.evaluation", Python, DynamicEvaluation, "|builtins|__builtins__|runpy", "eval|exec|execfile|run_path|run_module")
            { IsList = true },
        new("python.compile", Python, DynamicEvaluation, "|builtins", "compile") { Dynamic = Low },
        new("python.import", Python, DynamicEvaluation, "|importlib", "__import__|import_module") { Dynamic = Low },
        new("python.hidden_call", Python, DynamicEvaluation, "|builtins", "getattr")
            { Requires = CodeFacts.NamesRunner, Literal = High, Dynamic = High },
        new("python.hidden_name", Python, DynamicEvaluation, "|builtins|importlib", "getattr|__import__|import_module")
            { Requires = CodeFacts.Joined, Literal = High, Dynamic = High },
        new("python.command", Python, ProcessStart, "os|commands", "system|popen|popen2|popen3|popen4|getoutput|getstatusoutput"),
        new("python.spawn", Python, ProcessStart, "os",
            "execl|execle|execlp|execlpe|execv|execve|execvp|execvpe|spawnl|spawnle|spawnlp|spawnlpe|spawnv|spawnve|spawnvp|spawnvpe|startfile|"
            + "posix_spawn")
            { IsList = true },
        new("python.shell_process", Python, ProcessStart, "subprocess|asyncio|", "run|call|Popen|check_call|check_output")
            { Requires = CodeFacts.AsksForShell },
        new("python.shell_command", Python, ProcessStart, "asyncio|", "create_subprocess_shell"),
        new("python.subprocess", Python, ProcessStart, "subprocess|asyncio",
            "run|call|Popen|check_call|check_output|getoutput|getstatusoutput|create_subprocess_exec") { Dynamic = Low },
        new("python.remote_command", Python, ProcessStart, ".", "exec_command"),
        new("python.interactive_shell", Python, ReverseShell, "pty", "spawn") { Literal = High, Dynamic = High },
        new("python.redirect_handles", Python, ReverseShell, "os", "dup2") { Requires = CodeFacts.Handle, Literal = High, Dynamic = High },
        new("python.deserialise", Python, Deserialisation, "pickle|cPickle|_pickle|dill|cloudpickle|jsonpickle|shelve|joblib",
            "load|loads|Unpickler|decode|open"),
        new("python.marshal", Python, Deserialisation, "marshal", "loads"),
        new("python.marshal_file", Python, Deserialisation, "marshal", "load") { Dynamic = Low },
        new("python.model", Python, Deserialisation, "torch", "load") { Requires = CodeFacts.Off, Literal = Medium },
        new("python.yaml", Python, Deserialisation, "yaml|ruamel", "load|load_all|unsafe_load|unsafe_load_all|full_load")
            { Excludes = CodeFacts.Safe, Literal = Medium },
        new("python.frame", Python, Deserialisation, "pd|pandas|np|numpy|torch", "read_pickle|load") { Literal = Low, Dynamic = Low },
        new("python.xml", Python, Deserialisation, "ElementTree|ET|etree|minidom|pulldom|sax|xml|expatbuilder|cElementTree",
            "parse|fromstring|parseString|iterparse|XML|make_parser|XMLParser") { Dynamic = Low, Foreign = Medium },
        new("python.template", Python, DynamicEvaluation, "|jinja2|flask|mako|template", "render_template_string|Template")
            { Literal = Low, Dynamic = Low },
        new("python.autoescape", Python, Markup, "*", "mark_safe|SafeString|Markup") { Literal = null, Dynamic = Medium },
        new("python.delete", Python, FileSystem, "os|shutil", "remove|unlink|rmdir|rmtree|removedirs|chmod|chown") { Literal = Low, Dynamic = Low },
        new("python.open", Python, FileSystem, "|io|os|codecs", "open") { Literal = null, Dynamic = Low, Foreign = Medium },
        new("python.extract", Python, FileSystem, ".", "extractall") { Excludes = CodeFacts.Safe, Literal = Medium, Dynamic = Medium },
        new("python.temporary", Python, FileSystem, "tempfile|os", "mktemp|tempnam|tmpnam") { Literal = Medium, Dynamic = Medium },
        new("python.fetch", Python, Network, "requests|httpx|urllib|urllib2|request|aiohttp",
            "get|post|put|delete|request|urlopen|urlretrieve|Request|head|patch") { Literal = Low, Dynamic = Low, Foreign = Medium },
        new("python.unverified", Python, WeakPractice, "*", "get|post|put|delete|request|head|patch|Session|Client|_create_unverified_context")
            { Requires = CodeFacts.Unverified, Literal = Medium, Dynamic = Medium },
        new("python.socket", Python, Network, "socket|.", "connect|bind|create_connection|socket") { Dynamic = Low, Foreign = Low },
        new("python.weak_hash", Python, WeakPractice, "hashlib|MD5|SHA|hashes|Crypto|MD4|MD2|crypt|DES|ARC4|ARC2|Blowfish|XOR|algorithms|modes",
            "md5|md4|sha1|sha|MD5|SHA1|new|crypt|ARC4|Blowfish|IDEA|ECB") { Dynamic = Low, Foreign = Low },
        new("python.random", Python, WeakPractice, "random", "random|randint|choice|randrange|uniform|choices|sample|getrandbits")
            { Dynamic = Low, Foreign = Low },
        new("python.certificates", Python, WeakPractice, ".", "check_hostname|verify_mode")
            { Requires = CodeFacts.Off, IsAssigned = true, Literal = Medium },
        new("python.unverified_context", Python, WeakPractice, "ssl", "_create_unverified_context") { Literal = Medium },
        new("python.redirect", Python, Network, "|flask", "redirect|HttpResponseRedirect|RedirectResponse")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("python.send_file", Python, FileSystem, "|flask", "send_file|FileResponse")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("python.response", Python, Markup, "|flask", "make_response|HttpResponse|HTMLResponse|Response")
            { Requires = CodeFacts.Untrusted | CodeFacts.Markup, Literal = null, Dynamic = null, Foreign = Medium },
        new("python.answer", Python, Markup, "", "return")
            { Requires = CodeFacts.Untrusted | CodeFacts.Markup, Literal = null, Dynamic = null, Foreign = Medium, IsBare = true },
        new("python.query", Python, Database, "*", "execute|executemany|executescript|raw|extra|RawSQL|text|read_sql")
            { Requires = CodeFacts.BuiltQuery, Literal = null },

        new("javascript.evaluation", JavaScript, DynamicEvaluation, "|window|globalThis|global|vm|self",
            "eval|execScript|runInContext|runInNewContext|runInThisContext|Script|compileFunction"),
        new("javascript.function", JavaScript, DynamicEvaluation, "new|", "Function"),
        new("javascript.constructor", JavaScript, DynamicEvaluation, "constructor", "constructor") { Literal = High, Dynamic = High },
        new("javascript.hidden_name", JavaScript, DynamicEvaluation, "|.", "require|_load")
            { Requires = CodeFacts.Joined, Literal = High, Dynamic = High },
        new("javascript.hidden_module", JavaScript, DynamicEvaluation, ".", "_load") { Literal = Medium },
        new("python.startup", Python, FileSystem, "winreg|_winreg|reg", "OpenKey|OpenKeyEx|CreateKey|CreateKeyEx")
            { Requires = CodeFacts.Startup, Literal = Medium, Foreign = Medium },
        new("javascript.delayed", JavaScript, DynamicEvaluation, "|window", "setTimeout|setInterval|setImmediate")
            { Literal = null, Dynamic = null, Foreign = Low },
        new("javascript.command", JavaScript, ProcessStart,
            "child_process|cp|childProcess|shell|shelljs|execa|Deno|Bun", "exec|execSync|command|run"),
        new("javascript.program", JavaScript, ProcessStart, "child_process|cp|childProcess|shell|shelljs|execa|Deno|Bun",
            "spawn|spawnSync|execFile|execFileSync|fork") { IsList = true },
        new("dart.process", JavaScript, ProcessStart, "Process", "run|runSync") { IsList = true },
        new("vba.command", JavaScript | CSharp, ProcessStart, "", "Shell") { Requires = CodeFacts.BuiltText, Literal = null, IsBare = true },
        new("javascript.com_shell", JavaScript | CSharp | PowerShell, ProcessStart, "|new|WScript|Server", "ActiveXObject|CreateObject")
            { Requires = CodeFacts.NamesShell, Literal = Medium },
        new("javascript.deserialise", JavaScript, Deserialisation, "serialize|nodeSerialize|serializer|yaml|jsyaml|funcster|v8",
            "unserialize|load|deserialize|deepDeserialize") { Excludes = CodeFacts.Safe },
        new("javascript.write", JavaScript, Markup, "document", "write|writeln") { Literal = Low, Foreign = High },
        new("javascript.insert", JavaScript, Markup, ".", "insertAdjacentHTML|parseHTML|dangerouslySetInnerHTML") { Literal = null },
        new("javascript.inner", JavaScript, Markup, ".", "innerHTML|outerHTML|srcdoc")
            { Literal = null, Dynamic = Low, Foreign = High, IsAssigned = true },
        new("javascript.files", JavaScript, FileSystem, "fs|fsPromises|promises",
            "readFile|readFileSync|writeFile|writeFileSync|unlink|unlinkSync|rm|rmSync|rmdir|createReadStream|createWriteStream|chmod")
            { Dynamic = Low, Foreign = Medium },
        new("javascript.fetch", JavaScript, Network, "|axios|http|https|request|got|superagent", "fetch|get|post|request|axios")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("javascript.weak_hash", JavaScript, WeakPractice, "*", "createHash|createCipher|createCipheriv|createHmac")
            { Requires = CodeFacts.Weak, Dynamic = Low, Foreign = Low },
        new("javascript.random", JavaScript, WeakPractice, "Math|crypto", "random|pseudoRandomBytes") { Dynamic = Low, Foreign = Low },
        new("javascript.query", JavaScript, Database, ".", "query|execute|raw|exec|run|all") { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("javascript.certificates", JavaScript, WeakPractice, ".", "NODE_TLS_REJECT_UNAUTHORIZED")
            { Requires = CodeFacts.Off, IsAssigned = true, Literal = Medium },
        new("javascript.redirect", JavaScript, Network, "res|response|reply|ctx", "redirect")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("javascript.send_file", JavaScript, FileSystem, "res|response|reply", "sendFile|download")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("javascript.response", JavaScript, Markup, "res|response|reply", "send|write|end")
            { Requires = CodeFacts.Untrusted | CodeFacts.Markup, Literal = null, Dynamic = null, Foreign = Medium },
        new("javascript.elements", JavaScript, Markup, ".", "html|append|prepend")
            { Requires = CodeFacts.Untrusted | CodeFacts.Markup, Literal = null, Dynamic = null, Foreign = Medium },
        new("javascript.require", JavaScript, DynamicEvaluation, "", "require") { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null },
        new("javascript.message", JavaScript, WeakPractice, ".|", "postMessage") { Literal = Low, Dynamic = Low, Foreign = Low },

        new("php.evaluation", Php, DynamicEvaluation, "", "eval|create_function|call_user_func|call_user_func_array|usercall"),
        new("php.assertion", Php, DynamicEvaluation, "", "assert") { Literal = null, Dynamic = Low, NeedsLanguage = true },
        new("php.command", Php, ProcessStart, "", "system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|expect_popen") { IsList = true },
        new("php.include", Php, DynamicEvaluation, "", "include|include_once|require|require_once") { Literal = null, Dynamic = Low, IsBare = true },
        new("php.deserialise", Php, Deserialisation, "", "unserialize|yaml_parse|igbinary_unserialize"),
        new("php.information", Php, Credentials, "", "phpinfo|getenv|posix_getpwuid") { Dynamic = Low, Foreign = Medium },
        new("php.upload", Php, FileSystem, "", "move_uploaded_file") { Literal = null, Dynamic = Low, Foreign = Medium, IsLast = true },
        new("php.files", Php, FileSystem, "", "copy|rename") { Literal = null, Dynamic = Low, Foreign = Medium },
        new("php.path", Php, FileSystem, "", "fopen|file_get_contents|file_put_contents|unlink|readfile|chmod|rmdir")
            { Requires = CodeFacts.Dynamic, Literal = null, Dynamic = Low, Foreign = Medium, IsFirst = true },
        new("php.network", Php, Network, "", "fsockopen|curl_exec|curl_init|pfsockopen|stream_socket_client|socket_connect")
            { Dynamic = Low, Foreign = Medium },
        new("php.query", Php, Database, "*", "query|mysql_query|mysqli_query|pg_query|exec|prepare|multi_query")
            { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("perl.query", Php, Database, "dbh|db", "do|selectall_arrayref|selectall_hashref|selectrow_array|selectrow_hashref")
            { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("php.output", Php, Markup, "", "echo|die")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium, IsBare = true },
        new("php.print", Php, Markup, "", "print|printf")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium, IsBare = true, NeedsLanguage = true },
        new("php.redirect", Php, Network, "", "header") { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("php.variables", Php, DynamicEvaluation, "", "extract|parse_str") { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null },
        new("php.certificates", Php, WeakPractice, "", "curl_setopt") { Requires = CodeFacts.CertificateCheck | CodeFacts.Off, Literal = Medium },
        new("php.weak_hash", Php, WeakPractice, "", "md5|sha1|crc32|rand|mt_rand|uniqid|mcrypt_encrypt|extract|parse_str")
            { Dynamic = Low, Foreign = Low },

        new("ruby.evaluation", Ruby, DynamicEvaluation, "|.|Kernel", "eval|instance_eval|class_eval|module_eval|binding_eval") { IsBare = true },
        new("ruby.send", Ruby, DynamicEvaluation, ".|", "send|public_send|__send__|define_method|constantize|const_get|instance_variable_set|method")
            { Literal = null, Dynamic = Low },
        new("ruby.command", Ruby, ProcessStart, "|Kernel|Process|IO|PTY", "system|exec|spawn|popen|syscall") { IsBare = true, IsList = true },
        new("elixir.command", Ruby, ProcessStart, "os|System", "cmd|shell") { IsList = true },
        new("elixir.evaluation", Ruby, DynamicEvaluation, "Code", "eval_string|eval_quoted|compile_string"),
        new("ruby.open3", Ruby, ProcessStart, "Open3", "capture2|capture2e|capture3|popen2|popen2e|popen3|pipeline") { IsBare = true, IsList = true },
        new("ruby.open", Ruby, FileSystem, "|Kernel|URI", "open") { Literal = null, Dynamic = Low },
        new("ruby.deserialise", Ruby, Deserialisation, "Marshal|YAML|Psych|Oj", "load|restore|unsafe_load|load_file|load_documents")
            { Literal = Low, IsBare = true },
        new("ruby.template", Ruby, DynamicEvaluation, "ERB|Slim|Haml", "new") { Literal = Low },
        new("ruby.files", Ruby, FileSystem, "File|FileUtils|Dir|Pathname", "delete|unlink|rm_rf|rm_r|rm|write|chmod|open|read")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("ruby.markup", Ruby, Markup, "*", "html_safe|raw") { Literal = null, Dynamic = Low, IsBare = true },
        new("ruby.weak_hash", Ruby, WeakPractice, "MD5|SHA1|Digest", "hexdigest|digest|new") { Dynamic = Low, Foreign = Low },
        new("ruby.certificates", Ruby, WeakPractice, ".", "verify_mode") { Requires = CodeFacts.Off, IsAssigned = true, Literal = Medium },
        new("ruby.redirect", Ruby, Network, "", "redirect_to")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium, IsBare = true },
        new("ruby.send_file", Ruby, FileSystem, "", "send_file")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium, IsBare = true },
        new("ruby.condition", Ruby, Database, ".", "where|having|order|joins") { Requires = CodeFacts.BuiltText, Literal = null, IsFirst = true },
        new("ruby.query", Ruby, Database, "*", "where|find_by_sql|execute|select_all|exec_query|order")
            { Requires = CodeFacts.BuiltQuery, Literal = null, IsBare = true },

        new("powershell.evaluation", PowerShell, DynamicEvaluation, "|ExecutionContext|InvokeCommand",
            "Invoke-Expression|iex|InvokeScript|Add-Type|NewScriptBlock") { IsBare = true },
        new("powershell.scriptblock", PowerShell, DynamicEvaluation, "ScriptBlock|scriptblock", "Create") { Literal = null },
        new("powershell.process", PowerShell, ProcessStart, "", "Start-Process|Invoke-Command|Invoke-WmiMethod|Invoke-CimMethod") { IsBare = true },
        new("powershell.load", PowerShell, Reflection, "Assembly", "Load|LoadFile|LoadFrom|LoadWithPartialName"),
        new("powershell.policy", PowerShell, WeakPractice, "", "Set-ExecutionPolicy|Set-MpPreference|Add-MpPreference")
            { Literal = Medium, IsBare = true },
        new("powershell.delete", PowerShell, FileSystem, "", "Remove-Item") { Dynamic = Low, Foreign = Medium, IsBare = true },
        new("powershell.fetch", PowerShell, Network, "|.", "Invoke-WebRequest|Invoke-RestMethod|DownloadFile|DownloadString|DownloadData")
            { Dynamic = Low, Foreign = Low, IsBare = true },
    ];
}
