using System.Text.Json;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>How many texts of a content something takes at once; ordered from least to most restrictive.</summary>
internal enum TextUse
{
    /// <summary>It holds no text.</summary>
    None,

    /// <summary>Several.</summary>
    Many,

    /// <summary>One, so that each text is a question of its own.</summary>
    One,
}

/// <summary>A value of a call that a request may hold, as a JSON pointer names it.</summary>
/// <param name="Texts">Which texts it holds.</param>
/// <param name="Write">Writes it as JSON; null where it is absent.</param>
/// <param name="Scalar">It as text, null when absent; null as a whole for what is no single value.</param>
internal sealed record Source(TextUse Texts, Action<Utf8JsonWriter, Question> Write, Func<Question, string?>? Scalar)
{
    /// <summary>A text of the call.</summary>
    public static Source OfText(Func<Question, string?> value, TextUse texts = TextUse.None) =>
        new(texts, (writer, question) => WriteText(writer, value(question)), value);

    private static void WriteText(Utf8JsonWriter writer, string? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }
}
