using System.Collections.Immutable;
using LlmGuard.Planning;
using LlmGuard.Policy;
using static LlmGuard.Tests.Planning.PolicySamples;

namespace LlmGuard.Tests.Planning;

/// <summary>Adding an entry never lets more through.</summary>
public class PolicyLatticeProperties
{
    private static readonly GuardrailStage[] Stages = Enum.GetValues<GuardrailStage>();

    [Test]
    public void Add_EntryWithoutId_GuardsNoLessAnywhere() => RandomCases.Check(500, random =>
    {
        var before = RandomDocument(random);
        var added = RandomEntry(random, mayOverride: false) with { Id = null, Enabled = true };
        var after = AddSomewhere(random, before, added);
        // Documents with problems are refused at load; their tables must keep the law all the same.
        var (oldTable, newTable) = (ScopeTable.Build(before, new List<SettingsProblem>()), ScopeTable.Build(after, new List<SettingsProblem>()));
        foreach (var query in Queries(random))
        {
            var (oldPlan, newPlan) = (oldTable.Resolve(query).Plan!, newTable.Resolve(query).Plan!);
            foreach (var stage in Stages)
            {
                foreach (var entry in All(oldPlan[stage]))
                {
                    var counterpart = All(newPlan[stage])
                        .SingleOrDefault(e => Identity(before, e.Evaluator) == Identity(before, entry.Evaluator) || e.Evaluator == entry.Evaluator);
                    counterpart ??= All(newPlan[stage]).SingleOrDefault(e => e.Evaluator == added.Evaluator
                        && SameIdentity(before, entry.Evaluator, added));
                    Assert.That(counterpart, Is.Not.Null, "an entry is gone");
                    Assert.That(GuardsAtLeast(counterpart!, entry), Is.True, "an entry is weaker");
                    if (!SameIdentity(before, entry.Evaluator, added))
                    {
                        Assert.That((counterpart!.Mode, counterpart.OnError, counterpart.Filter),
                            Is.EqualTo((entry.Mode, entry.OnError, entry.Filter)).Using<EntryFilter>(SameFilter));
                    }
                }
            }
        }
    });

    [Test]
    public void Resolve_RandomDocument_EqualsPlainReading() => RandomCases.Check(500, random =>
    {
        var document = RandomDocument(random);
        var table = ScopeTable.Build(document, new List<SettingsProblem>());
        foreach (var query in Queries(random))
        {
            var plan = table.Resolve(query).Plan!;
            foreach (var stage in Stages)
            {
                Assert.That(All(plan[stage]).Select(e => e.Evaluator), Is.EquivalentTo(PlainReading(document, query, stage)));
            }
        }
    });

    // The inheritance rules once more, entry by entry and without any table.
    private static IEnumerable<IGuardrailEvaluator?> PlainReading(PolicyDocument document, ScopeQuery query, GuardrailStage stage)
    {
        var rule = query.RawPath is null ? null
            : document.Rules.FirstOrDefault(r => string.Equals(r.Pattern, query.RawPath, StringComparison.OrdinalIgnoreCase));
        var service = document.Services.FirstOrDefault(s => s.Name == (rule?.ServiceId ?? query.Service));
        var consumer = document.Consumers.FirstOrDefault(c => c.Name == query.Caller.Consumer);
        var groups =
            (consumer?.Groups ?? []).Concat(query.Caller.Groups).Distinct().Select(n => document.ConsumerGroups.FirstOrDefault(g => g.Name == n));
        var live = new List<PolicyEntry>();
        foreach (var level in new[] { document.Gateway, service, rule }.Concat(groups).Append(consumer).OfType<PolicyLevel>())
        {
            var own = level.Entries.Where(e => e.Seams.IsEmpty || e.Seams.Contains(query.Seam)).ToList();
            live.RemoveAll(inherited => !inherited.Locked
                && own.Exists(e => e.Id is not null ? e.Id == inherited.Id : !e.Enabled && e.Plugin == inherited.Plugin));
            live.AddRange(own.Where(e => e.Enabled));
        }

        return live.DistinctBy(e => (e.Plugin, string.Join(',', e.Stages.Order()), e.Settings, e.Mode)).Where(e => e.Stages.Contains(stage))
            .Select(e => e.Evaluator);
    }

    private static IEnumerable<PlanEntry> All(StagePlan stage) => stage.Sequential.Concat(stage.Parallel).Concat(stage.Monitor);

    private static bool GuardsAtLeast(PlanEntry now, PlanEntry before) =>
        (now.Mode == before.Mode || now.Mode == EntryMode.Enforce)
        && (now.OnError == before.OnError || now.OnError == FailurePolicy.Block)
        && Covers(now.Filter.Roles, before.Filter.Roles)
        && Covers(now.Filter.Kinds, before.Filter.Kinds)
        && Covers(now.Filter.Sources, before.Filter.Sources);

    // An empty list means all.
    private static bool Covers<T>(IReadOnlyList<T> now, IReadOnlyList<T> before) => now.Count == 0 || (before.Count > 0 && !before.Except(now).Any());

    private static bool SameFilter(EntryFilter left, EntryFilter right) =>
        left.Roles.SequenceEqual(right.Roles) && left.Kinds.SequenceEqual(right.Kinds) && left.Sources.SequenceEqual(right.Sources);

    private static (string, string, string, EntryMode)? Identity(PolicyDocument document, IGuardrailEvaluator evaluator) =>
        Entries(document).FirstOrDefault(e => e.Evaluator == evaluator) is { } entry ? Identity(entry) : null;

    private static (string, string, string, EntryMode) Identity(PolicyEntry entry) =>
        (entry.Plugin, string.Join(',', entry.Stages.Order()), entry.Settings, entry.Mode);

    private static bool SameIdentity(PolicyDocument document, IGuardrailEvaluator evaluator, PolicyEntry added) =>
        Identity(document, evaluator) == Identity(added);

    private static IEnumerable<PolicyEntry> Entries(PolicyDocument document) => document.Gateway.Entries
        .Concat(document.Services.SelectMany(l => l.Entries)).Concat(document.Rules.SelectMany(l => l.Entries))
        .Concat(document.ConsumerGroups.SelectMany(l => l.Entries)).Concat(document.Consumers.SelectMany(l => l.Entries));

    private static IEnumerable<ScopeQuery> Queries(Random random) => Enumerable.Range(0, 12).Select(_ => Query(
        random.Pick<string?>(null, "/a", "/b", "/A"),
        service: random.Pick<string?>(null, "s", "t"),
        caller: new GuardrailCaller(random.Pick<string?>(null, "c", "d"),
            Enumerable.Range(0, random.Next(3)).Select(_ => random.Pick("g", "h", "?")).ToArray()),
        seam: random.Pick(GuardrailSeam.Incoming, GuardrailSeam.Outgoing)));

    private static PolicyDocument RandomDocument(Random random) => Document(Gateway(RandomEntries(random))) with
    {
        Services = [Service("s", RandomEntries(random)), Service("t", RandomEntries(random))],
        Rules = [Rule("/a", RandomEntries(random)) with { ServiceId = random.Pick(null, "s") }, Rule("/b", RandomEntries(random))],
        ConsumerGroups = [Group("g", RandomEntries(random)), Group("h", RandomEntries(random))],
        Consumers = [Consumer("c", RandomEntries(random)) with { Groups = random.Pick<ImmutableArray<string>>([], ["h"], ["h", "g"]) }],
    };

    private static ImmutableArray<PolicyEntry> RandomEntries(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomEntry(random, mayOverride: true))
            .DistinctBy(e => e.Id ?? Guid.NewGuid().ToString())];

    private static PolicyEntry RandomEntry(Random random, bool mayOverride)
    {
        var isEnabled = !mayOverride || random.Next(4) > 0;
        return Entry(random.Pick("p", "q"), random.Pick<string?>(null, null, "x", "y")) with
        {
            Enabled = isEnabled,
            Stages = random.Pick<ImmutableArray<GuardrailStage>>([GuardrailStage.PreRequest], [GuardrailStage.PreResponse, GuardrailStage.PreRequest],
                [GuardrailStage.PreRequest, GuardrailStage.PreResponse]),
            Settings = random.Pick("1", "2"),
            Mode = random.Pick(EntryMode.Enforce, EntryMode.Monitor),
            OnError = random.Pick(FailurePolicy.Block, FailurePolicy.Allow),
            Parallel = random.Next(3) == 0,
            Priority = random.Next(3),
            Locked = random.Next(5) == 0,
            Filter = random.Pick(EntryFilter.Everything, new EntryFilter { Roles = ["user"] },
                new EntryFilter { Roles = ["tool"], Kinds = ["message"] }, new EntryFilter { Sources = [SegmentSource.Body] }),
            Seams = random.Pick<ImmutableArray<GuardrailSeam>>([], [], [GuardrailSeam.Incoming]),
        };
    }

    private static PolicyDocument AddSomewhere(Random random, PolicyDocument document, PolicyEntry entry)
    {
        return random.Next(6) switch
        {
            0 => document with { Gateway = document.Gateway with { Entries = Insert(document.Gateway.Entries) } },
            1 =>
                document with { Services = document.Services.SetItem(0,
                document.Services[0] with { Entries = Insert(document.Services[0].Entries) }) },
            2 => document with { Rules = document.Rules.SetItem(0, document.Rules[0] with { Entries = Insert(document.Rules[0].Entries) }) },
            3 =>
                document with { ConsumerGroups = document.ConsumerGroups.SetItem(0,
                document.ConsumerGroups[0] with { Entries = Insert(document.ConsumerGroups[0].Entries) }) },
            4 =>
                document with { ConsumerGroups = document.ConsumerGroups.SetItem(1,
                document.ConsumerGroups[1] with { Entries = Insert(document.ConsumerGroups[1].Entries) }) },
            _ =>
                document with { Consumers = document.Consumers.SetItem(0,
                document.Consumers[0] with { Entries = Insert(document.Consumers[0].Entries) }) },
        };

        ImmutableArray<PolicyEntry> Insert(ImmutableArray<PolicyEntry> entries) => entries.Insert(random.Next(entries.Length + 1), entry);
    }
}
