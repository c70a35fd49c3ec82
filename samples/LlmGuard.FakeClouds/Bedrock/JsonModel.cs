using System.Text.Json;

namespace LlmGuard.FakeClouds.Bedrock;

/// <summary>Reads a request member by member and refuses what is missing, of another type or too much.</summary>
internal static class JsonModel
{
    extension(JsonElement element)
    {
        /// <summary>The members of an object that has these members and no others.</summary>
        /// <param name="path">Where it stands, for the message.</param>
        /// <param name="required">Members that must be there.</param>
        /// <param name="optional">Members that may be there.</param>
        public JsonElement WithMembers(string path, string[] required, params string[] optional)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw new ModelException($"{path} is not an object");
            }

            foreach (var member in element.EnumerateObject())
            {
                if (!required.Contains(member.Name, StringComparer.Ordinal) && !optional.Contains(member.Name, StringComparer.Ordinal))
                {
                    throw new ModelException($"{path} has the unknown member {member.Name}");
                }
            }

            return required.FirstOrDefault(n => !element.TryGetProperty(n, out _)) is { } missing
                ? throw new ModelException($"{path} lacks {missing}")
                : element;
        }

        /// <summary>The items of an array that is not empty.</summary>
        public IReadOnlyList<JsonElement> NonEmptyItems(string path, int max = int.MaxValue) =>
            element.ValueKind == JsonValueKind.Array && element.GetArrayLength() is > 0 and var length && length <= max
                ? [.. element.EnumerateArray()]
                : throw new ModelException($"{path} is not an array of 1 to {max} items");

        /// <summary>A text.</summary>
        public string Text(string path) =>
            element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new ModelException($"{path} is not a string");

        /// <summary>One of several words.</summary>
        public string Word(string path, params IReadOnlyList<string> words) =>
            element.Text(path) is { } word && words.Contains(word, StringComparer.Ordinal)
                ? word
                : throw new ModelException($"{path} is not one of {string.Join(", ", words)}");
    }
}

/// <summary>A request that does not fit the model.</summary>
internal sealed class ModelException(string message) : Exception(message);
