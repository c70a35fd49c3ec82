using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGuard.Telemetry;
using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Rows;

namespace LlmGuard.Tool.Scans;

/// <summary>Writes verdicts as JSON, one a line.</summary>
internal sealed class VerdictLine(ArrayBufferWriter<byte> lines) : IDisposable
{
    private readonly Utf8JsonWriter _json =
        new(lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Write(byte[]? id, TextVerdict verdict)
    {
        Begin(id, verdict.Word);
        _json.WriteString("text"u8, verdict.Text.Span);
        _json.WriteStartArray("findings"u8);
        foreach (var finding in verdict.Findings)
        {
            Write(finding);
        }

        _json.WriteEndArray();
        if (verdict.Refusal is { } refusal)
        {
            _json.WriteStartObject("refusal"u8);
            _json.WriteNumber("status"u8, refusal.StatusCode);
            _json.WriteString("code"u8, refusal.Code);
            _json.WriteEndObject();
        }

        if (verdict.Failures.Count > 0)
        {
            WriteFailures(verdict);
        }

        End();
    }

    public void Write(long line, RowException problem)
    {
        Begin(problem.Id, "error");
        _json.WriteNumber("line"u8, line);
        _json.WriteString("error"u8, problem.Message);
        _json.WriteStartArray("findings"u8);
        _json.WriteEndArray();
        End();
    }

    public void Dispose() => _json.Dispose();

    private void Begin(byte[]? id, string action)
    {
        _json.WriteStartObject();
        _json.WritePropertyName("id"u8);
        _json.WriteRawValue(id ?? "null"u8, skipInputValidation: true);
        _json.WriteString("action"u8, action);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        lines.Write("\n"u8);
    }

    private void Write(in TextFinding finding)
    {
        _json.WriteStartObject();
        _json.WriteString("plugin"u8, finding.Plugin);
        _json.WriteString("rule"u8, finding.Rule);
        _json.WriteString("type"u8, finding.Type);
        if (finding.Span is null)
        {
            _json.WriteNull("start"u8);
            _json.WriteNull("end"u8);
        }
        else
        {
            _json.WriteNumber("start"u8, finding.Start);
            _json.WriteNumber("end"u8, finding.End);
        }

        _json.WriteNumber("confidence"u8, finding.Confidence);
        _json.WriteEndObject();
    }

    private void WriteFailures(TextVerdict verdict)
    {
        _json.WriteStartArray("failures"u8);
        foreach (var (plugin, failure) in verdict.Failures)
        {
            _json.WriteStartObject();
            _json.WriteString("plugin"u8, plugin);
            _json.WriteString("class"u8, Words.Of(failure.Class));
            _json.WriteString("reason"u8, failure.Reason);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }
}
