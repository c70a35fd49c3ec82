using System.Text.Json.Nodes;

namespace LlmGuard.Gateway.ToyModel;

/// <summary>How the toy model words an answer for one API.</summary>
internal interface IToyDialect
{
    /// <summary>A whole answer.</summary>
    JsonObject Complete(string model, string text);

    /// <summary>The server-sent events of a streamed answer, each with its blank line.</summary>
    IEnumerable<string> Stream(string model, IReadOnlyList<string> pieces);

    /// <summary>An error.</summary>
    JsonObject Error(string message);
}
