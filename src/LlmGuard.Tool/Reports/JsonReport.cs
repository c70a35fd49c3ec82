using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGuard.Telemetry;
using LlmGuard.Tool.Measuring;

namespace LlmGuard.Tool.Reports;

/// <summary>Writes a report for programs. Rates of nothing are null.</summary>
internal static class JsonReport
{
    public static byte[] Of(EvalReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json =
            new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("policy", report.Policy);
            json.WriteString("revision", report.Revision);
            json.WriteString("stage", report.Stage);
            json.WriteString("positive", report.Positive);
            json.WriteStartArray("files");
            foreach (var file in report.Files)
            {
                json.WriteStartObject();
                Write(json, file);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("total");
            Write(json, report.Total);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, FileScores file)
    {
        json.WriteString("file", file.Name);
        json.WriteNumber("rows", file.Total);
        json.WriteNumber("unlabelled", file.Unlabelled);
        json.WriteNumber("failed", file.Failed);
        json.WriteNumber("false_findings", file.FalseFindings);
        Write(json, file.Rows);
        json.WriteStartObject("actions");
        foreach (var action in Enum.GetValues<GuardrailAction>())
        {
            json.WriteNumber(Words.Of(action), file.CountOf(action));
        }

        json.WriteEndObject();
        WriteLatency(json, file.Latency);
        json.WriteStartArray("rules");
        foreach (var ((plugin, rule), score) in file.Rules)
        {
            json.WriteStartObject();
            json.WriteString("plugin", plugin);
            json.WriteString("rule", rule);
            json.WriteNumber("findings", score.Findings);
            Write(json, score.Against(file.Rows));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("types");
        foreach (var (type, score) in file.Types)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            Write(json, score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("spans");
        Write(json, file.AllTypes);
        json.WriteEndObject();
        WriteWrongRows(json, file);
    }

    private static void Write(Utf8JsonWriter json, Confusion rows)
    {
        json.WriteNumber("tp", rows.TruePositives);
        json.WriteNumber("fp", rows.FalsePositives);
        json.WriteNumber("fn", rows.FalseNegatives);
        json.WriteNumber("tn", rows.TrueNegatives);
        WriteRate(json, "precision", rows.Precision);
        WriteRate(json, "recall", rows.Recall);
        WriteRate(json, "f1", rows.F1);
        WriteRate(json, "fpr", rows.FalsePositiveRate);
    }

    private static void Write(Utf8JsonWriter json, SpanScore score)
    {
        json.WriteNumber("labelled", score.Gold);
        json.WriteNumber("found", score.Found);
        json.WriteNumber("predicted", score.Predicted);
        json.WriteNumber("right", score.Right);
        json.WriteNumber("exact", score.Exact);
        WriteRate(json, "precision", score.Precision);
        WriteRate(json, "recall", score.Recall);
        WriteRate(json, "f1", score.F1);
        WriteRate(json, "exact_precision", score.ExactPrecision);
        WriteRate(json, "exact_recall", score.ExactRecall);
        WriteRate(json, "exact_f1", score.ExactF1);
    }

    private static void WriteLatency(Utf8JsonWriter json, LatencyHistogram latency)
    {
        json.WriteStartObject("latency_us");
        WriteRate(json, "mean", Numbers.Microseconds(latency.Mean));
        WriteRate(json, "p50", Numbers.Microseconds(latency.Percentile(0.5)));
        WriteRate(json, "p90", Numbers.Microseconds(latency.Percentile(0.9)));
        WriteRate(json, "p99", Numbers.Microseconds(latency.Percentile(0.99)));
        WriteRate(json, "max", Numbers.Microseconds(latency.Max));
        json.WriteEndObject();
    }

    private static void WriteWrongRows(Utf8JsonWriter json, FileScores file)
    {
        json.WriteStartArray("wrong_rows");
        foreach (var row in file.WrongRows)
        {
            json.WriteStartObject();
            json.WriteNumber("line", row.Line);
            json.WriteString("kind", row.IsMiss ? "missed" : "false_alarm");
            json.WriteString("rules", row.Rules);
            if (row.Text is { } text)
            {
                json.WriteString("text", text);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRate(Utf8JsonWriter json, string name, double? rate)
    {
        if (rate is { } value)
        {
            json.WriteNumber(name, Math.Round(value, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
