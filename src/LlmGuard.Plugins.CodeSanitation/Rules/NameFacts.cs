namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>Names and literals that tell something about the expression they stand in.</summary>
internal static class NameFacts
{
    private static readonly Dictionary<string, CodeFacts> Names = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, CodeFacts> Literals = new(StringComparer.OrdinalIgnoreCase);
    private static readonly NameTable<CodeFacts> OfNames;
    private static readonly NameTable<CodeFacts> OfLiterals;

    /// <summary>Names that carry what a caller sent, with those members only.</summary>
    private static readonly NameSet Requests =
        new(["request", "req", "ctx", "HttpContext", "Request", "r", "c", "location", "event"], StringComparer.OrdinalIgnoreCase);

    private static readonly NameSet RequestMembers = new(
        ["args", "form", "values", "json", "data", "get_json", "cookies", "headers", "files", "query", "params", "body", "param", "QueryString",
         "Query", "Form", "Params", "GET", "POST", "getParameter", "getHeader", "getInputStream", "getReader", "getQueryString", "getCookies",
         "query_params", "URL", "FormValue", "PostFormValue", "hash", "search", "rawBody", "stream", "get_data", "queryStringParameters", "Body",
         "QueryParam", "queryParam", "PathValue", "content"],
        StringComparer.Ordinal);

    private static readonly string[] Decoders =
    [
        "base64_decode", "b64decode", "a85decode", "b85decode", "b32decode", "b16decode", "atob", "FromBase64String", "gzinflate", "gzuncompress",
        "str_rot13", "unhexlify", "fromhex", "decode_base64", "hex2bin", "decode64", "strict_decode64", "urlsafe_b64decode", "fromCharCode",
        "unescape", "decodebytes", "getDecoder", "DecodeString", "uudecode", "convert_uudecode", "pack",
    ];

    /// <summary>Every name and literal without which, and without any of <see cref="RequestNames"/>, nothing foreign is in a text.</summary>
    public static IEnumerable<string> ForeignWords =>
        Names.Concat(Literals).Where(f => (f.Value & CodeFacts.Foreign) != 0).Select(f => f.Key)
            .Concat(Reading.ParameterSources.Annotations).Append(Parameters);

    /// <summary>What a request is called, of which some members are foreign and nothing else.</summary>
    public static IEnumerable<string> RequestNames => Requests.Names;

    /// <summary>What a framework of Ruby calls what a caller sent, when a member is taken out of it.</summary>
    public const string Parameters = "params";

    static NameFacts()
    {
        Add(Names, CodeFacts.Untrusted, "_GET", "_POST", "_REQUEST", "_COOKIE", "_FILES", "recv", "recvfrom", "recvmsg", "getParameter",
            "getParameterValues", "getQueryString", "getInputStream",
            "FormValue", "fsockopen", "TcpClient", "TCPSocket", "QueryString", "QUERY_STRING");
        Add(Names, CodeFacts.Decoded, Decoders.Where(d => d is not ("pack" or "getDecoder")).ToArray());
        Add(Names, CodeFacts.Downloaded, "urlopen", "DownloadString", "DownloadData", "file_get_contents", "curl_exec", "Invoke-WebRequest",
            "Invoke-RestMethod", "iwr", "irm",
            "GetStringAsync", "GetByteArrayAsync", "openStream", "urlretrieve");
        Add(Names, CodeFacts.Safe, "SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader", "safe_load", "FAILSAFE_SCHEMA", "JSON_SCHEMA",
            "SafeConstructor", "ProcessStartInfo");
        Add(Names, CodeFacts.Handle, "fileno", "sockfd", "sock", "client_socket", "clientfd", "connfd");
        Add(Names, CodeFacts.Weak, "MD5", "SHA1", "DES", "RC4", "md5", "ECB");
        Add(Names, CodeFacts.Off, "false", "CERT_NONE", "VERIFY_NONE");
        Add(Names, CodeFacts.On, "true", "DangerousAcceptAnyServerCertificateValidator");
        Add(Names, CodeFacts.CertificateCheck, "CURLOPT_SSL_VERIFYPEER", "CURLOPT_SSL_VERIFYHOST");
        Add(Names, CodeFacts.Executable, "PROT_EXEC", "PAGE_EXECUTE", "PAGE_EXECUTE_READ", "PAGE_EXECUTE_READWRITE", "PAGE_EXECUTE_WRITECOPY");
        Add(Names, CodeFacts.Home, "UserProfile", "homedir", "UserHomeDir", "home_dir");
        Add(Literals, CodeFacts.Root, "/", "/*", "/etc", "/usr", "/var", "/home", "/root", "/boot", "/bin", "/lib", "/dev", "/opt", "/Users", "~",
            "$HOME", "C:", "C:/", "C:\\", "C:\\\\", "C:/Windows", "C:\\Windows", "C:\\\\Windows", "C:/Users", "C:\\Users", "C:\\\\Users");
        Add(Literals, CodeFacts.Off, "0");
        Add(Literals, CodeFacts.Decoded, "base64");
        Add(Literals, CodeFacts.Untrusted, "php://input", "QUERY_STRING");
        Add(Literals, CodeFacts.NamesShell, "sh", "bash", "/bin/sh", "/bin/bash", "cmd", "cmd.exe", "powershell", "powershell.exe", "/bin/zsh", "zsh",
            "WScript.Shell", "Shell.Application");
        Add(Literals, CodeFacts.NamesRunner, "system", "popen", "exec", "eval", "__import__", "Popen", "check_output", "run", "spawn");
        Add(Literals, CodeFacts.Writes, "w", "wb", "w+", "a", "ab", "a+", "wt", "r+", "rb+");
        Add(Literals, CodeFacts.Weak, "md5", "md4", "md2", "sha1", "sha-1", "sha", "des", "rc4", "rc2", "des-ecb", "aes-128-ecb", "aes-256-ecb",
            "DES/ECB/PKCS5Padding", "AES/ECB/PKCS5Padding", "AES", "DESede", "3DES", "DESedeWrap", "DESede/ECB/PKCS5Padding",
            "DESede/CBC/PKCS5Padding", "AES/CBC/PKCS5Padding", "AES/CBC/PKCS7Padding", "AES/ECB/NoPadding", "arcfour", "blowfish",
            "DES/CBC/PKCS5Padding", "aes192", "RSA/ECB/NoPadding");
        (OfNames, OfLiterals) = (new NameTable<CodeFacts>(Names), new NameTable<CodeFacts>(Literals));
    }

    /// <summary>What a name tells, whatever follows it.</summary>
    public static CodeFacts OfName(ReadOnlySpan<byte> name) => OfNames.TryFind(name, out var facts) && !IsOtherName(name) ? facts : CodeFacts.None;

    // What a server of PHP is sent is written in capitals; other languages have members of these names.
    private static bool IsOtherName(ReadOnlySpan<byte> name) => name[0] == '_' && name.ContainsAnyInRange((byte)'a', (byte)'z');

    /// <summary>What the text of a literal tells.</summary>
    public static CodeFacts OfLiteral(ReadOnlySpan<byte> text) => OfLiterals.TryFind(text, out var facts) ? facts : CodeFacts.None;

    /// <summary>Whether a name stands for a request, of which some members are what a caller sent.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> name) => Requests.Contains(name);

    /// <summary>Whether a member of a request is what a caller sent.</summary>
    public static bool IsRequestMember(ReadOnlySpan<byte> name) => RequestMembers.Contains(name);

    private static void Add(Dictionary<string, CodeFacts> facts, CodeFacts fact, params string[] names)
    {
        foreach (var name in names)
        {
            facts[name] = facts.GetValueOrDefault(name) | fact;
        }
    }
}
