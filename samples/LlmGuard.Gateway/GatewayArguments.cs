namespace LlmGuard.Gateway;

/// <summary>The command line. An argument that is not understood stops the start.</summary>
internal sealed record GatewayArguments
{
    public const string Usage = """
        LlmGuard.Gateway: a policy in front of a model

          --urls <url>          where to listen                        (http://127.0.0.1:8080)
          --upstream <url>      forward every path to this server      (none: a built-in toy model answers)
          --policy <file>       the policy document                    (none: the example policy of this sample)
          --api-keys <file>     keys and the consumers they stand for  (none: callers are anonymous)
          --redis <host:port>   count limits on this Redis             (none: every gateway counts for itself)
          --fake-clouds         start fakes of all remote judges       (with a policy that asks them all, unless --policy is given)
          --quiet               print nothing but errors
        """;

    public string Urls { get; private init; } = "http://127.0.0.1:8080";

    public Uri? Upstream { get; private init; }

    public string? PolicyFile { get; private init; }

    public string? ApiKeysFile { get; private init; }

    public string? Redis { get; private init; }

    public bool FakeClouds { get; private init; }

    public bool Quiet { get; private init; }

    /// <exception cref="FormatException">An argument is unknown, or its value is missing or wrong.</exception>
    public static GatewayArguments Parse(IReadOnlyList<string> args)
    {
        var parsed = new GatewayArguments();
        for (var i = 0; i < args.Count; i++)
        {
            parsed = args[i] switch
            {
                "--urls" => parsed with { Urls = Value(ref i) },
                "--upstream" => parsed with { Upstream = Http(Value(ref i)) },
                "--policy" => parsed with { PolicyFile = Existing(Value(ref i)) },
                "--api-keys" => parsed with { ApiKeysFile = Existing(Value(ref i)) },
                "--quiet" => parsed with { Quiet = true },
                "--redis" => parsed with { Redis = HostAndPort(Value(ref i)) },
                "--fake-clouds" => parsed with { FakeClouds = true },
                _ => throw new FormatException($"unknown argument '{args[i]}'"),
            };
        }

        return parsed;

        string Value(ref int i) => i + 1 < args.Count ? args[++i] : throw new FormatException($"{args[i]} needs a value");

        static Uri Http(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FormatException($"'{text}' is not an absolute http or https URL");

        static string HostAndPort(string text) =>
            text.LastIndexOf(':') is > 0 and var colon && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0
            ? text
            : throw new FormatException($"'{text}' is not host:port");

        static string Existing(string file) => File.Exists(file) ? Path.GetFullPath(file) : throw new FormatException($"there is no file '{file}'");
    }
}
