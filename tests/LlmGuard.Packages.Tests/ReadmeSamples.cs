using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmGuard.Packages.Tests;

/// <summary>The C# blocks of a README, compiled as a reader would paste them: into a program that has the usual variables.</summary>
internal static class ReadmeSamples
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Http; global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration; global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    /// <summary>What a fragment may use without declaring it.</summary>
    private static readonly (string Name, string Declaration)[] Surroundings =
    [
        ("builder", "WebApplicationBuilder builder = WebApplication.CreateBuilder();"),
        ("services", "IServiceCollection services = new ServiceCollection();"),
        ("app", "WebApplication app = WebApplication.Create();"),
        ("guardrails", "LlmGuard.IAiGuardrails guardrails = null!;"),
        ("AnswerAsync", "Func<HttpContext, Task> AnswerAsync = static _ => Task.CompletedTask;"),
        ("prompt", "string prompt = \"\";"),
        ("cancellationToken", "CancellationToken cancellationToken = default;"),
    ];

    public static IReadOnlyList<string> In(string readme)
    {
        var samples = new List<string>();
        List<string>? open = null;
        foreach (var line in File.ReadLines(readme))
        {
            if (open is not null && line.StartsWith("```", StringComparison.Ordinal))
            {
                samples.Add(string.Join('\n', open));
                open = null;
            }
            else if (open is not null)
            {
                open.Add(line);
            }
            else if (line.Trim() == "```csharp")
            {
                open = [];
            }
        }

        return samples;
    }

    public static IReadOnlyList<string> Errors(string sample)
    {
        var lines = sample.Split('\n');
        var usings = lines.Where(IsUsing);
        var rest = lines.Where(static l => !IsUsing(l));
        var statements =
            SyntaxFactory.ParseCompilationUnit(sample).Members.Any(static m => m is Microsoft.CodeAnalysis.CSharp.Syntax.GlobalStatementSyntax);
        var surroundings = Surroundings.Where(s => statements && !Declares(sample, s.Name)).Select(static s => s.Declaration);
        var source = string.Join('\n', [.. usings, "#pragma warning disable", .. surroundings, .. rest]);
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(source)],
            References(),
            new CSharpCompilationOptions(
                statements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error).Select(static d => d.ToString())];
    }

    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && line.TrimEnd().EndsWith(';') && !line.Contains('=', StringComparison.Ordinal)
        && !line.Contains('(', StringComparison.Ordinal);

    private static bool Declares(string sample, string name) =>
        sample.Contains($"var {name} =", StringComparison.Ordinal) || sample.Contains($" {name} =", StringComparison.Ordinal);

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).Contains(".Tests", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path));
}
