using System.Diagnostics.CodeAnalysis;

namespace LlmGuard.Planning;

/// <summary>Which levels apply, as places in the document (-1 for none): equal keys have equal plans. A view that lives on the stack.</summary>
internal readonly ref struct PlanKeyView(int rule, int service, int consumer, ReadOnlySpan<int> groups, GuardrailSeam seam, bool lockedOnly)
{
    public int Rule { get; } = rule;

    public int Service { get; } = service;

    public int Consumer { get; } = consumer;

    /// <summary>Groups in the order in which they apply.</summary>
    public ReadOnlySpan<int> Groups { get; } = groups;

    public GuardrailSeam Seam { get; } = seam;

    public bool LockedOnly { get; } = lockedOnly;

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Rule);
        hash.Add(Service);
        hash.Add(Consumer);
        hash.Add((int)Seam);
        hash.Add(LockedOnly);
        foreach (var group in Groups)
        {
            hash.Add(group);
        }

        return hash.ToHashCode();
    }

    public bool Equals(PlanKeyView other) =>
        Rule == other.Rule && Service == other.Service && Consumer == other.Consumer && Seam == other.Seam && LockedOnly == other.LockedOnly
        && Groups.SequenceEqual(other.Groups);

    public override bool Equals([NotNullWhen(true)] object? obj) => false;
}

/// <summary>A <see cref="PlanKeyView"/> that can be kept.</summary>
internal sealed class PlanKey(PlanKeyView view)
{
    private readonly int[] _groups = view.Groups.ToArray();
    private readonly int _rule = view.Rule;
    private readonly int _service = view.Service;
    private readonly int _consumer = view.Consumer;
    private readonly GuardrailSeam _seam = view.Seam;
    private readonly bool _lockedOnly = view.LockedOnly;

    public PlanKeyView View => new(_rule, _service, _consumer, _groups, _seam, _lockedOnly);
}

/// <summary>Lets the cache be asked with a view, so that a hit allocates nothing.</summary>
internal sealed class PlanKeyComparer : IEqualityComparer<PlanKey>, IAlternateEqualityComparer<PlanKeyView, PlanKey>
{
    public bool Equals(PlanKey? x, PlanKey? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.View.Equals(y.View));

    public int GetHashCode(PlanKey obj) => obj.View.GetHashCode();

    public bool Equals(PlanKeyView alternate, PlanKey other) => alternate.Equals(other.View);

    public int GetHashCode(PlanKeyView alternate) => alternate.GetHashCode();

    public PlanKey Create(PlanKeyView alternate) => new(alternate);
}
