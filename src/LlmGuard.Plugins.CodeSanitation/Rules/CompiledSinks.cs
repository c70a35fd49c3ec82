using static LlmGuard.FindingSeverity;
using static LlmGuard.Plugins.CodeSanitation.Rules.CodeGroup;
using static LlmGuard.Scanning.Lexing.Code.CodeLanguages;

namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>What is dangerous in Java, C#, Go, Rust, C and C++.</summary>
internal static class CompiledSinks
{
    public static readonly CodeSink[] All =
    [
        new("java.command", Java, ProcessStart, "getRuntime|runtime|Runtime|rt|r", "exec") { IsList = true },
        new("java.process", Java, ProcessStart, "new|", "ProcessBuilder") { IsList = true },
        new("java.script", Java, DynamicEvaluation, "engine|scriptEngine|shell|GroovyShell|interpreter|parser|getEngineByName|ScriptEngine",
            "eval|evaluate|parseExpression|parse"),
        new("groovy.evaluation", Java, DynamicEvaluation, "Eval", "me|x|xy|xyz"),
        new("java.expression", Java, DynamicEvaluation, "new", "SpelExpressionParser|GroovyShell|GroovyClassLoader|ELProcessor|Interpreter")
            { Literal = Low, Dynamic = Low },
        new("java.class", Java, Reflection, "Class|ClassLoader|classLoader|loader|getClassLoader|new",
            "forName|loadClass|defineClass|findClass|URLClassLoader") { Foreign = High },
        new("java.access", Java, Reflection, ".", "setAccessible|invoke") { Literal = Low, Dynamic = Low, Foreign = Medium },
        new("java.library", Java, Reflection, "System|Runtime|getRuntime", "loadLibrary|load"),
        new("java.deserialise", Java, Deserialisation, "new", "ObjectInputStream|XMLDecoder|XStream|HessianInput|Hessian2Input") { Literal = Low },
        new("java.read_object", Java, Deserialisation, ".", "readObject|readUnshared|fromXML|enableDefaultTyping") { Literal = Medium },
        new("java.xml", Java, Deserialisation, "DocumentBuilderFactory|SAXParserFactory|XMLInputFactory|TransformerFactory|SAXBuilder|new",
            "newInstance|newFactory|SAXReader|SAXBuilder") { Dynamic = Low, Foreign = Low },
        new("java.files", Java, FileSystem, "new|Files|Paths",
            "File|FileInputStream|FileOutputStream|FileReader|FileWriter|delete|write|RandomAccessFile|readAllBytes|readString|readAllLines|"
            + "newInputStream|copy")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("java.network", Java, Network, "new", "URL|Socket|ServerSocket|InetSocketAddress") { Dynamic = Low, Foreign = Medium },
        new("java.weak_hash", Java, WeakPractice, ".|MessageDigest|Cipher|SecretKeyFactory|KeyGenerator|Mac|DigestUtils",
            "getInstance|md5|md5Hex|sha1|sha1Hex|getMd5Digest|getSha1Digest") { Dynamic = Low, Foreign = Low, Requires = CodeFacts.Weak },
        new("java.random", Java, WeakPractice, "new|Math|RandomUtils|RandomStringUtils", "Random|random|nextInt|randomAlphanumeric")
            { Dynamic = Low, Foreign = Low },
        new("java.query", Java, Database, ".",
            "executeQuery|executeUpdate|execute|createQuery|createNativeQuery|prepareStatement|queryForObject|queryForList|query")
            { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("java.redirect", Java, Network, ".", "sendRedirect") { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("java.response", Java, Markup, ".", "println|print|write|append|printf")
            { Requires = CodeFacts.Untrusted | CodeFacts.Markup, Literal = null, Dynamic = null, Foreign = Medium },
        new("java.certificates", Java, WeakPractice, ".", "setDefaultHostnameVerifier|setHostnameVerifier")
            { Requires = CodeFacts.On, Literal = Medium },
        new("java.lookup", Java, Network, ".", "lookup") { Literal = null, Dynamic = Low },

        new("csharp.process", CSharp, ProcessStart, "Process|System", "Start") { Excludes = CodeFacts.Safe },
        new("csharp.start_info", CSharp, ProcessStart, "new", "ProcessStartInfo|Process"),
        new("csharp.arguments", CSharp, ProcessStart, "StartInfo|startInfo|psi|info|processInfo|procStartInfo", "Arguments|FileName")
            { IsAssigned = true },
        new("csharp.load", CSharp, Reflection, "Assembly|AssemblyLoadContext|Default",
            "Load|LoadFrom|LoadFile|UnsafeLoadFrom|LoadFromAssemblyPath|LoadFromStream"),
        new("csharp.activate", CSharp, Reflection, "Activator|Type", "CreateInstance|GetType") { Literal = null, Dynamic = Low },
        new("csharp.formatter", CSharp, Deserialisation, "new",
            "BinaryFormatter|SoapFormatter|NetDataContractSerializer|ObjectStateFormatter|LosFormatter") { Literal = Medium },
        new("csharp.deserialise", CSharp, Deserialisation, "formatter|bf|binaryFormatter|Formatter|deserializer|JavaScriptSerializer|BinaryFormatter",
            "Deserialize|UnsafeDeserialize") { Literal = Medium },
        new("csharp.type_names", CSharp, Deserialisation, "*", "TypeNameHandling") { IsAssigned = true, Literal = Medium },
        new("csharp.script", CSharp, DynamicEvaluation, "CSharpScript|new|provider|compiler|codeProvider",
            "EvaluateAsync|RunAsync|CSharpCodeProvider|CompileAssemblyFromSource|ScriptEngine"),
        new("csharp.management", CSharp, ProcessStart, "new", "ManagementObjectSearcher|ManagementClass|ManagementObject"),
        new("csharp.native", CSharp, Memory, "", "DllImport|LibraryImport") { Dynamic = Low, Foreign = Low },
        new("csharp.xml", CSharp, Deserialisation, "new", "XmlDocument|XmlTextReader|XmlUrlResolver|XPathDocument|XsltSettings")
            { Dynamic = Low, Foreign = Medium },
        new("csharp.load_xml", CSharp, Deserialisation, ".", "LoadXml|SelectSingleNode|SelectNodes")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("csharp.files", CSharp, FileSystem, "File|Directory|new",
            "Delete|WriteAllText|WriteAllBytes|ReadAllText|ReadAllBytes|Open|OpenRead|Move|FileStream|StreamReader|StreamWriter|ExtractToDirectory")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("csharp.network", CSharp, Network, "new|client|_client|httpClient|_httpClient|WebRequest",
            "WebClient|TcpClient|GetAsync|DownloadString|Create|GetStringAsync|PostAsync") { Literal = null, Dynamic = Low, Foreign = Medium },
        new("csharp.weak_hash", CSharp, WeakPractice, "MD5|SHA1|DES|RC2|TripleDES|HashAlgorithm|new",
            "Create|HashData|MD5CryptoServiceProvider|SHA1CryptoServiceProvider|DESCryptoServiceProvider|SHA1Managed|"
            + "TripleDESCryptoServiceProvider|RC2CryptoServiceProvider|HMACMD5|HMACSHA1")
            { Dynamic = Low, Foreign = Low },
        new("csharp.random", CSharp, WeakPractice, "new|Shared|random|rnd|rand|_random", "Random|Next|NextDouble|NextBytes")
            { Dynamic = Low, Foreign = Low },
        new("csharp.query", CSharp, Database, "*",
            "SqlCommand|ExecuteSqlRaw|FromSqlRaw|ExecuteReader|ExecuteNonQuery|Query|Execute|MySqlCommand|NpgsqlCommand|SqliteCommand|"
            + "OracleCommand|SqlDataAdapter|QueryAsync|QueryFirstAsync|QueryFirstOrDefaultAsync|QuerySingleAsync|ExecuteAsync|"
            + "ExecuteSqlRawAsync|SqlQueryRaw")
            { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("csharp.command_text", CSharp, Database, ".", "CommandText") { Requires = CodeFacts.BuiltQuery, IsAssigned = true, Literal = null },
        new("csharp.redirect", CSharp, Network, "|Response|this", "Redirect|RedirectPermanent") { Literal = null, Dynamic = Low, Foreign = Medium },
        new("csharp.certificates", CSharp | PowerShell, WeakPractice, "*",
            "ServerCertificateValidationCallback|ServerCertificateCustomValidationCallback")
            { Requires = CodeFacts.On, IsAssigned = true, Literal = Medium },
        new("csharp.startup", CSharp | PowerShell, FileSystem, ".", "OpenSubKey|CreateSubKey")
            { Requires = CodeFacts.Startup | CodeFacts.On, Literal = Medium, Foreign = Medium },
        new("csharp.wipe", CSharp | PowerShell, Destruction, "Directory", "Delete")
            { Requires = CodeFacts.Root, Literal = High, Dynamic = null, Foreign = null },
        new("csharp.wipe_home", CSharp | PowerShell, Destruction, "Directory", "Delete")
            { Requires = CodeFacts.Home, Excludes = CodeFacts.Text, Literal = null, Foreign = null },
        new("files.wipe", Python | JavaScript | Ruby | Go | Java | Rust | C, Destruction, "|.",
            "rmtree|removedirs|remove_tree|rm_rf|rm_r|rmSync|rmdirSync|rimraf|RemoveAll|remove_dir_all|deleteDirectory")
            { Requires = CodeFacts.Root, Literal = High, Dynamic = null, Foreign = null },
        new("files.wipe_home", Python | JavaScript | Ruby | Go | Java | Rust | C, Destruction, "|.",
            "rmtree|rm_rf|rmSync|rmdirSync|rimraf|RemoveAll|remove_dir_all|deleteDirectory")
            { Requires = CodeFacts.Home, Excludes = CodeFacts.Text, Literal = null, Foreign = null },
        new("csharp.send_file", CSharp, FileSystem, "|this", "PhysicalFile")
            { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("csharp.markup", CSharp, Markup, "Html|Response|new", "Raw|Write|HtmlString|MarkupString")
            { Literal = null, Dynamic = Low, Foreign = High },

        new("go.process", Go, ProcessStart, "exec|syscall|os", "Command|CommandContext|Exec|ForkExec|StartProcess") { IsList = true },
        new("go.plugin", Go, Reflection, "plugin", "Open"),
        new("go.unsafe", Go, Memory, "unsafe", "Pointer|Slice|String|StringData") { Dynamic = Low, Foreign = Medium },
        new("go.files", Go, FileSystem, "os|ioutil", "RemoveAll|Remove|WriteFile|Create|OpenFile|Chmod|Open|ReadFile")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("go.network", Go, Network, "net|http", "Dial|Listen|Get|Post|ListenAndServe|NewRequest")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("go.markup", Go, Markup, "template", "HTML|JS|URL|HTMLAttr|CSS") { Literal = null },
        new("go.redirect", Go, Network, "http", "Redirect") { Requires = CodeFacts.Untrusted, Literal = null, Dynamic = null, Foreign = Medium },
        new("go.response", Go, Markup, "fmt", "Fprintf|Fprint|Fprintln")
            { Requires = CodeFacts.Untrusted | CodeFacts.Markup, Literal = null, Dynamic = null, Foreign = Medium },
        new("go.weak_hash", Go, WeakPractice, "md5|sha1|des|rc4|rand",
            "New|Sum|NewCipher|NewTripleDESCipher|Intn|Int|Int63|Float64|Seed|Int31n|Read|Perm|Int63n") { Dynamic = Low, Foreign = Low },
        new("go.query", Go, Database, ".", "Query|QueryRow|Exec|QueryContext|ExecContext|Raw|QueryRowContext")
            { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("go.deserialise", Go, Deserialisation, "gob", "NewDecoder") { Dynamic = Low, Foreign = Medium },

        new("rust.process", Rust, ProcessStart, "Command", "new"),
        new("rust.memory", Rust, Memory, "*",
            "transmute|from_raw_parts|from_raw_parts_mut|get_unchecked|get_unchecked_mut|from_utf8_unchecked|copy_nonoverlapping|read_volatile|"
            + "write_volatile|zeroed|uninitialized|set_len|offset|from_raw|unwrap_unchecked")
            { Dynamic = Low, Foreign = Medium },
        new("rust.query", Rust, Database, ".|sqlx", "query|query_one|query_opt|execute") { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("rust.library", Rust, Reflection, "Library", "new"),
        new("rust.files", Rust, FileSystem, "fs|File", "remove_file|remove_dir_all|write|create|set_permissions")
            { Literal = null, Dynamic = Low, Foreign = Medium },
        new("rust.network", Rust, Network, "TcpStream|TcpListener|UdpSocket|reqwest", "connect|bind|get") { Dynamic = Low, Foreign = Medium },
        new("rust.unverified", Rust, WeakPractice, ".", "danger_accept_invalid_certs|danger_accept_invalid_hostnames") { Literal = Medium },
        new("rust.weak_hash", Rust, WeakPractice, "md5|Md5|Sha1|MessageDigest|md4|Md4", "compute|new|digest|md5|sha1")
            { Dynamic = Low, Foreign = Low },

        new("c.command", C, ProcessStart, "|std|boost", "system|popen|_popen|_wsystem|WinExec") { IsList = true },
        new("c.program", C, ProcessStart, "", "ShellExecute|ShellExecuteA|ShellExecuteW|ShellExecuteEx|CreateProcess|CreateProcessA|CreateProcessW"),
        new("lua.command", C, ProcessStart, "io|os", "popen|execute"),
        new("lua.evaluation", C, DynamicEvaluation, "", "loadstring"),
        new("c.query", C, Database, "|.",
            "sqlite3_exec|sqlite3_prepare|sqlite3_prepare_v2|mysql_query|mysql_real_query|PQexec|SQLExecDirect|executeQuery")
            { Requires = CodeFacts.BuiltQuery, Literal = null },
        new("go.shell", Go | Java | CSharp | JavaScript, ProcessStart, "exec|getRuntime|runtime|Runtime|new|Process|child_process|cp",
            "Command|exec|ProcessBuilder|ProcessStartInfo|Start|spawn")
            { Requires = CodeFacts.NamesShell, IsLast = true, Literal = Medium, Dynamic = null, Foreign = null },
        new("c.spawn", C, ProcessStart, "", "execl|execle|execlp|execv|execve|execvp|execvpe|fexecve|posix_spawn|posix_spawnp|_spawnl")
            { IsList = true },
        new("c.unbounded", C, Memory, "|std", "gets|strcpy|strcat|wcscpy|wcscat|lstrcpy|lstrcat|StrCpy|StrCat|_tcscpy|stpcpy|getwd")
            { IsLast = true, Literal = Low, Dynamic = Medium, Foreign = Medium },
        new("c.unterminated", C, Memory, "|std", "sprintf|vsprintf|scanf|sscanf|fscanf|strtok|strlen|realpath")
            { Literal = Low, Dynamic = Low, Foreign = Medium },
        new("c.copy", C, Memory, "|std", "memcpy|memmove|strncpy|strncat|alloca|CopyMemory|bcopy|snprintf|wmemcpy|read|recv|fread")
            { Dynamic = Low, Foreign = Low },
        new("c.library", C, Reflection, "", "dlopen|LoadLibrary|LoadLibraryA|LoadLibraryW|LoadLibraryEx"),
        new("c.inject", C, Memory, "", "VirtualAllocEx|WriteProcessMemory|CreateRemoteThread|ptrace|mprotect|VirtualProtect") { Literal = Medium },
        new("c.executable_memory", C | CSharp | Python | Go | Rust, Memory, "*", "VirtualAlloc|VirtualProtect|mmap|Mmap")
            { Requires = CodeFacts.Executable, Literal = Medium },
        new("c.redirect_handles", C, ReverseShell, "", "dup2") { Requires = CodeFacts.Handle, Literal = High, Dynamic = High },
        new("c.files", C, FileSystem, "", "unlink|remove|rename|chmod|chown|fopen|open|access|mktemp|tmpnam|tempnam|tmpfile")
            { Dynamic = Low, Foreign = Medium },
        new("c.network", C, Network, "", "connect|bind|accept|listen|gethostbyname") { Dynamic = Low, Foreign = Low },
        new("c.weak_random", C, WeakPractice, "|std", "rand|srand|random|drand48|rand_r|lrand48|erand48|mrand48|srandom")
            { Dynamic = Low, Foreign = Low },
        new("c.weak_hash", C, WeakPractice, "",
            "MD5|SHA1|MD5_Init|MD5_Update|SHA1_Init|EVP_md5|EVP_sha1|EVP_des_ecb|EVP_rc4|DES_ecb_encrypt|RC4|MD4_Init|EVP_md4|BF_encrypt|"
            + "BF_decrypt|EVP_bf_ecb|EVP_bf_cbc|EVP_des_cbc|EVP_des_ede3_cbc|EVP_rc2_cbc|BN_get0_nist_prime_192|getpw|DES_set_key|"
            + "EVP_aes_128_ecb|CC_MD5")
            { Dynamic = Low, Foreign = Low },
    ];
}
