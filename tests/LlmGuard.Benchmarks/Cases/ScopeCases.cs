using System.Collections.Immutable;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ratios;
using LlmGuard.Planning;
using LlmGuard.Policy;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>Finding the plan of a call among many rules.</summary>
internal static class ScopeCases
{
    private const int Few = 10;
    private const int Distinct = 64;

    public static IEnumerable<Comparison> All() =>
    [
        Of(1_000, Distinct, "64 of them called"),
        Of(100_000, Distinct, "64 of them called"),
        Of(100_000, 100_000, "all of them called in turn"),
    ];

    private static Comparison Of(int rules, int called, string how) =>
        new(FormattableString.Invariant($"resolve scope, {rules:N0} rules, {how}"), () => (
        Resolving(rules, called),
        Resolving(Few, called: Distinct)));

    private static Side Resolving(int rules, int called)
    {
        var table = Build(rules);
        var queries = new Rotation<ScopeQuery>([.. Enumerable.Range(0, called).Select(i => Query((int)((long)i * rules / called)))]);
        return Side.Of(FormattableString.Invariant($"{rules:N0} rules"), () =>
        {
            if (table.Resolve(queries.Next()).Plan?.Scope.Rule is null)
            {
                throw new InvalidOperationException("No rule was found.");
            }
        });
    }

    /// <summary>A third each of exact paths, paths with a parameter and paths with a tail.</summary>
    private static ScopeTable Build(int rules)
    {
        var problems = new List<SettingsProblem>();
        var table = ScopeTable.Build(
            new PolicyDocument
            {
                Gateway = new PolicyLevel { Kind = "gateway", Name = "Gateway", Path = "gateway" },
                Rules = [.. Enumerable.Range(0, rules).Select(Rule)],
                Revision = "benchmark",
            },
            problems);
        return problems.Count == 0 ? table : throw new InvalidOperationException(problems[0].Message);
    }

    private static RuleLevel Rule(int number)
    {
        var pattern = (number % 3) switch
        {
            0 => $"/tenants/t{number}/v1/chat/completions",
            1 => $"/tenants/t{number}/{{deployment}}/completions",
            _ => $"/tenants/t{number}/v1/*",
        };
        return new RuleLevel { Kind = "rule", Name = pattern, Path = $"rules[{number}]", Pattern = pattern, Methods = ImmutableArray.Create("POST") };
    }

    private static ScopeQuery Query(int number) => new()
    {
        Seam = GuardrailSeam.Incoming,
        Method = "POST",
        RawPath = (number % 3) switch
        {
            0 => $"/tenants/t{number}/v1/chat/completions",
            1 => $"/tenants/t{number}/gpt-{number}/completions",
            _ => $"/tenants/t{number}/v1/models/m{number}",
        },
        Caller = GuardrailCaller.Anonymous,
    };
}
