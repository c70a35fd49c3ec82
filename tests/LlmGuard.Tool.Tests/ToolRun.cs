using System.IO.Compression;
using System.Text;

namespace LlmGuard.Tool.Tests;

/// <summary>Runs the tool in the process, with streams for a console, in a folder of its own.</summary>
internal sealed class ToolRun : IDisposable
{
    public const string Masking = """{"gateway":{"required_plugins":[{"name":"data_masking","settings":{"predefined_entities":[{"entity":"email"},{"entity":"ip_address"}]}}]}}""";

    public const string Both = """
        {"gateway":{"required_plugins":[
          {"name":"prompt_moderation","settings":{"keywords":["project bluebird"],"similarity_threshold":1}},
          {"name":"data_masking","settings":{"predefined_entities":[{"entity":"email"}]}}]}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmguard-tool");

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>Whether a person is taken to look at the error output.</summary>
    public bool IsErrorInteractive { get; init; }

    public Dictionary<string, string> Environment { get; } = [];

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string File(string name, string content)
    {
        System.IO.File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public string GzipFile(string name, string content)
    {
        System.IO.File.WriteAllBytes(PathOf(name), Gzip(Encoding.UTF8.GetBytes(content)));
        return PathOf(name);
    }

    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public Task<int> CommandAsync(params string[] args) => RunAsync([], args);

    public Task<int> RunAsync(string input, params string[] args) => RunAsync(Encoding.UTF8.GetBytes(input), args);

    public async Task<int> RunAsync(byte[] input, string[] args)
    {
        var output = new MemoryStream();
        var error = new StringWriter();
        var code = await Entry.RunAsync(args, new ToolConsole
        {
            Input = new MemoryStream(input),
            Output = output,
            Error = error,
            IsErrorInteractive = IsErrorInteractive,
            Environment = name => Environment.GetValueOrDefault(name),
        });
        Output = Encoding.UTF8.GetString(output.ToArray());
        Error = error.ToString();
        return code;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
