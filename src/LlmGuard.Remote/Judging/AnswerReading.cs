using System.Text.Json;

namespace LlmGuard.Remote.Judging;

/// <summary>Strict readers for answers: each throws <see cref="UnusableAnswerException"/> where the answer is not what was promised.</summary>
internal static class AnswerReading
{
    extension(JsonElement element)
    {
        /// <summary>A member that must be there and not null.</summary>
        public JsonElement Required(string name) => element.Optional(name) ?? throw new UnusableAnswerException();

        /// <summary>A member, or null when it is absent or JSON null.</summary>
        public JsonElement? Optional(string name)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw new UnusableAnswerException();
            }

            return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }

        /// <summary>The items of an array.</summary>
        public JsonElement.ArrayEnumerator Items() =>
            element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : throw new UnusableAnswerException();

        /// <summary>The number of items of an array.</summary>
        public int ItemCount() => element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : throw new UnusableAnswerException();

        /// <summary>The members of an object.</summary>
        public JsonElement.ObjectEnumerator Members() =>
            element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : throw new UnusableAnswerException();

        /// <summary>A string without lone surrogates.</summary>
        public string Text()
        {
            try
            {
                return element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new UnusableAnswerException();
            }
            catch (InvalidOperationException)
            {
                // A lone surrogate, escaped.
                throw new UnusableAnswerException();
            }
        }

        /// <summary>A boolean.</summary>
        public bool Boolean() => element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new UnusableAnswerException(),
        };

        /// <summary>A number in a range.</summary>
        public double Number(double min, double max) =>
            element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && value >= min && value <= max
                ? value
                : throw new UnusableAnswerException();

        /// <summary>A whole number in a range.</summary>
        public int Int32(int min, int max) =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= min && value <= max
                ? value
                : throw new UnusableAnswerException();
    }
}
