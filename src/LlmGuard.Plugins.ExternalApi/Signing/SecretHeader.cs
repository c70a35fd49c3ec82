using LlmGuard.Plugins.ExternalApi.Requests;

namespace LlmGuard.Plugins.ExternalApi.Signing;

/// <summary>A header of the policy. Any of them may be a credential, so all are treated as such.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
internal sealed record SecretHeader(string Name, GuardrailSecret Value)
{
    public static IReadOnlyList<SecretHeader> ReadAll(GuardrailSettings settings, Uri endpoint)
    {
        var headers = new List<SecretHeader>();
        foreach (var (name, value) in settings.Map("headers", item => item.Secret("value", endpoint, required: true)))
        {
            var text = value?.Reveal() ?? "";
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
                && text.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            {
                // The guide's examples say so, and so does every request.
                continue;
            }

            if (!HeaderText.IsName(name) || HeaderText.IsReserved(name))
            {
                var which = HeaderText.IsName(name) ? $": \"{name}\"" : "";
                settings.Problem("headers", "has a name that is no header's, or one of a header that the transport writes itself" + which);
            }
            else if (!HeaderText.IsValue(text))
            {
                settings.Problem("headers", $"the value of \"{name}\" must be printable ASCII without line breaks");
            }
            else if (headers.Exists(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                settings.Problem("headers", $"\"{name}\" is there twice");
            }
            else
            {
                headers.Add(new SecretHeader(name, value!));
            }
        }

        return headers;
    }
}
