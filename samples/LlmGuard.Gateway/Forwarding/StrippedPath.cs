namespace LlmGuard.Gateway.Forwarding;

/// <summary>Honours a rule's <c>strip_path</c>: what its pattern spells out is left out of what the upstream is asked for.</summary>
internal static class StrippedPath
{
    /// <param name="target">The raw target.</param>
    /// <param name="rule">The rule's path pattern.</param>
    public static string Of(string target, string rule)
    {
        var open = rule.AsSpan().IndexOfAny('*', '{');
        var prefix = (open < 0 ? rule : rule[..rule.LastIndexOf('/', open)]).TrimEnd('/');
        if (!target.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            || (target.Length > prefix.Length && target[prefix.Length] is not ('/' or '?')))
        {
            return target;
        }

        var rest = target[prefix.Length..];
        return rest.StartsWith('/') ? rest : "/" + rest;
    }
}
