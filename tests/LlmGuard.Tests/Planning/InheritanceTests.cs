using System.Collections.Immutable;
using LlmGuard.Planning;
using LlmGuard.Policy;
using static LlmGuard.Tests.Planning.PolicySamples;

namespace LlmGuard.Tests.Planning;

public class InheritanceTests
{
    private static readonly GuardrailCaller Alice = new("alice");

    [Test]
    public void Plan_AllLevels_IsUnionBroadFirst()
    {
        var table = Build(Document(Gateway(Entry("a"))) with
        {
            Services = [Service("openai", Entry("b"))],
            Rules = [Rule("/v1/*", Entry("c")) with { ServiceId = "openai" }],
            ConsumerGroups = [Group("premium", Entry("d"))],
            Consumers = [Consumer("alice", Entry("e")) with { Groups = ["premium"] }],
        });

        var plan = table.Plan("/v1/chat", caller: Alice);

        Assert.That(plan.Ids(), Is.EqualTo(new[] { "gateway/Gateway/a", "service/openai/b", "rule//v1/*/c", "consumer_group/premium/d",
            "consumer/alice/e" }));
        Assert.That(plan.Scope, Is.EqualTo(new GuardrailScope { Gateway = "Gateway", Service = "openai", Rule = "/v1/*",
            ConsumerGroups = plan.Scope.ConsumerGroups, Consumer = "alice" }));
        Assert.That(plan.Scope.ConsumerGroups, Is.EqualTo(new[] { "premium" }));
        Assert.That(plan.Revision, Is.EqualTo("r1"));
    }

    [TestCase("/v1/chat", "azure", "openai", TestName = "The rule's service goes before the query's")]
    [TestCase("/v2/chat", "azure", "azure", TestName = "A rule without service leaves the query's")]
    [TestCase("/other", "azure", "azure", TestName = "No rule leaves the query's")]
    [TestCase("/other", "nobody", null, TestName = "An unknown service is none")]
    [TestCase("/v2/chat", null, null, TestName = "No service")]
    public void Plan_Service_OfRuleElseOfQuery(string path, string? service, string? expected)
    {
        var table = Build(Document() with
        {
            Services = [Service("openai"), Service("azure")],
            Rules = [Rule("/v1/*") with { ServiceId = "openai" }, Rule("/v2/*")],
        });

        Assert.That(table.Plan(path, service: service).Scope.Service, Is.EqualTo(expected));
    }

    [Test]
    public void Plan_Order_PriorityThenLevelThenDocument()
    {
        var table = Build(Document(Gateway(Entry("a", "g1", 50), Entry("b", "g2"), Entry("c", "g3"),
            Entry("p", "gp", 999) with { Parallel = true })) with
        {
            Rules = [Rule("/*", Entry("d", "r1", 10), Entry("e", "r2"), Entry("q", "rp", 1) with { Parallel = true },
                Entry("m", "rm", 1) with { Mode = EntryMode.Monitor })],
        });

        var stage = table.Plan("/x")[GuardrailStage.PreRequest];

        Assert.That(stage.Sequential.Select(e => e.Key.Id), Is.EqualTo(new[] { "r1", "g1", "g2", "g3", "r2" }));
        Assert.That(stage.Parallel.Select(e => e.Key.Id), Is.EqualTo(new[] { "gp", "rp" }));
        Assert.That(stage.Monitor.Select(e => e.Key.Id), Is.EqualTo(new[] { "rm" }));
    }

    [Test]
    public void Plan_Stages_EntryRunsAtEachOfThem()
    {
        var table = Build(Document(Gateway(Entry("a") with { Stages = [GuardrailStage.PreRequest, GuardrailStage.PostResponse] })));

        var plan = table.Plan();

        Assert.That(Enum.GetValues<GuardrailStage>().Where(s => !plan[s].IsEmpty),
            Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PostResponse }));
    }

    [Test]
    public void Plan_SameId_ReplacesInAllStages()
    {
        var table = Build(Document(Gateway(Entry("a", "pii") with { Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse] },
            Entry("b"))) with
        {
            Rules = [Rule("/*", Entry("a", "pii", 7) with { Settings = "{\"x\":1}" })],
        });

        var plan = table.Plan("/x");

        Assert.That(plan[GuardrailStage.PreResponse].IsEmpty, Is.True);
        Assert.That(
            plan[GuardrailStage.PreRequest].Sequential.Select(e => (e.Key.Level, e.Priority)), Is.EqualTo(new[] { ("rule", 7), ("gateway", 100) }));
        Assert.That(table.Warnings, Has.One.Contains("no longer at pre_response"));
    }

    [Test]
    public void Plan_DisabledById_SwitchesOffThatEntryOnly()
    {
        var table = Build(Document(Gateway(Entry("a", "x"), Entry("a", "y"))) with { Consumers = [Consumer("alice", Off("a", "x"))] });

        Assert.That(table.Plan(caller: Alice).Ids(), Is.EqualTo(new[] { "y" }));
        Assert.That(table.Plan().Ids(), Is.EqualTo(new[] { "x" }), "identical entries run once, as the first");
        Assert.That(table.Warnings, Has.One.Contains("switches off 'x'"));
    }

    [Test]
    public void Plan_DisabledByName_SwitchesOffInheritedUnlockedEntriesOfPlugin()
    {
        var table = Build(Document(Gateway(Entry("a"), Entry("a", "kept") with { Locked = true, Settings = "1" }, Entry("b"))) with
        {
            Rules = [Rule("/*", Off("a"), Entry("a", "own") with { Settings = "2" })],
        });

        Assert.That(table.Plan("/x").Ids(), Is.EqualTo(new[] { "kept", "gateway/Gateway/b", "own" }));
    }

    [Test]
    public void Build_OverrideOfLockedEntry_IsProblem()
    {
        var document = Document(Gateway(Entry("a", "pii") with { Locked = true })) with
        {
            Services = [Service("s", Off("a", "pii"))],
            Rules = [Rule("/a", Entry("y", "pii"))],
            ConsumerGroups = [Group("g", Off("a"))],
            Consumers = [Consumer("c", Entry("z", "pii"))],
        };

        Assert.That(Problems(document), Has.Exactly(4).Matches<SettingsProblem>(p => p.Message.Contains("locked", StringComparison.Ordinal)));
    }

    [Test]
    public void Build_LockedEntryOfServiceTheRuleNeverMeets_IsNoProblem()
    {
        var document = Document() with
        {
            Services = [Service("s", Entry("a", "pii") with { Locked = true }), Service("t")],
            Rules = [Rule("/a", Off("a", "pii")) with { ServiceId = "t" }],
        };

        Assert.That(Problems(document), Is.Empty);
        Assert.That(Problems(document with { Rules = [Rule("/a", Off("a", "pii"))] }), Has.Count.EqualTo(1));
    }

    [Test]
    public void Build_LockedEntryAtOtherSeam_IsNoProblem()
    {
        var document = Document(Gateway(Entry("a", "pii") with { Locked = true, Seams = [GuardrailSeam.Incoming] })) with
        {
            Rules = [Rule("/a", Off("a", "pii") with { Seams = [GuardrailSeam.Outgoing] })],
        };

        Assert.That(Problems(document), Is.Empty);
    }

    [Test]
    public void Plan_TwoGroupsOneLocked_LockedEntryStaysAndTheOtherRunsBesideIt()
    {
        var table = Build(Document() with
        {
            ConsumerGroups = [Group("g", Entry("a", "pii") with { Locked = true }), Group("h", Off("a", "pii")),
                Group("i", Entry("a", "pii") with { Settings = "2" })],
        });

        Assert.That(table.Plan(caller: new GuardrailCaller(null, "g", "h", "i"))[GuardrailStage.PreRequest].Sequential.Select(e => e.Key.Owner),
            Is.EqualTo(new[] { "g", "i" }));
        Assert.That(table.Warnings, Has.Exactly(2).Contains("cannot touch"));
    }

    [Test]
    public void Plan_SeveralGroups_LaterCountAsNarrower()
    {
        var table = Build(Document() with
        {
            ConsumerGroups = [Group("g", Entry("a", "x") with { Settings = "g" }), Group("h", Entry("a", "x") with { Settings = "h" })],
            Consumers = [Consumer("alice") with { Groups = ["h"] }],
        });

        Assert.That(Owner(new GuardrailCaller(null, "g", "h")), Is.EqualTo(new[] { "h" }));
        Assert.That(Owner(new GuardrailCaller(null, "h", "g", "h", "unknown")), Is.EqualTo(new[] { "g" }));
        Assert.That(table.Plan(caller: new GuardrailCaller("alice", "g", "h")).Scope.ConsumerGroups, Is.EqualTo(new[] { "h", "g" }),
            "the consumer's own list goes first");
        Assert.That(table.Plan(caller: new GuardrailCaller("nobody", "unknown")).Scope.ConsumerGroups, Is.Empty);

        IEnumerable<string> Owner(GuardrailCaller caller) =>
            table.Plan(caller: caller)[GuardrailStage.PreRequest].Sequential.Select(e => e.Key.Owner);
    }

    [Test]
    public void Plan_IdenticalEntries_RunOnceAsTheBroadestUnderTheStricterRules()
    {
        var weak = Entry("a", priority: 100) with
        {
            OnError = FailurePolicy.Allow,
            Filter = new EntryFilter { Roles = ["user"], Kinds = ["message"] },
            Parallel = true,
            Timeout = TimeSpan.FromSeconds(1),
        };
        var strict = weak with { OnError = FailurePolicy.Block, Filter = new EntryFilter { Roles = ["tool"] },
            Parallel = false, Priority = 5, Timeout = TimeSpan.FromSeconds(3) };
        var table = Build(Document(Gateway(weak)) with { Rules = [Rule("/*", strict)] });

        var entry = table.Plan("/x")[GuardrailStage.PreRequest].Sequential.Single();

        Assert.That((entry.Key.Level, entry.Mode, entry.OnError, entry.Parallel, entry.Priority, entry.Timeout),
            Is.EqualTo(("gateway", EntryMode.Enforce, FailurePolicy.Block, false, 5, TimeSpan.FromSeconds(3))));
        Assert.That(entry.Filter.Roles, Is.EqualTo(new[] { "user", "tool" }));
        Assert.That(entry.Filter.Kinds, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Plan_MonitorOfWhatIsEnforced_ChangesNothingOfIt(bool isMonitorBroad)
    {
        var enforcing =
            Entry("a") with { OnError = FailurePolicy.Allow, Filter = new EntryFilter { Roles = ["user"] }, Timeout = TimeSpan.FromSeconds(1) };
        var monitor = enforcing with
        {
            Mode = EntryMode.Monitor, OnError = FailurePolicy.Block, Filter = new EntryFilter { Roles = ["tool"] }, Timeout = TimeSpan.FromSeconds(3),
        };
        var (broad, narrow) = isMonitorBroad ? (monitor, enforcing) : (enforcing, monitor);
        var plan = Build(Document(Gateway(broad)) with { Rules = [Rule("/*", narrow)] }).Plan("/x")[GuardrailStage.PreRequest];

        var entry = plan.Sequential.Single();
        Assert.That((entry.OnError, entry.Timeout, entry.Filter.Roles.Single()), Is.EqualTo((FailurePolicy.Allow, TimeSpan.FromSeconds(1), "user")));
        Assert.That(plan.Monitor.Single().Filter.Roles, Is.EqualTo(new[] { "tool" }));
    }

    [TestCase("other settings")]
    [TestCase("other stages")]
    [TestCase("other plugin")]
    public void Plan_EntriesNotIdentical_BothRun(string difference)
    {
        var other = difference switch
        {
            "other settings" => Entry("a") with { Settings = "{\"x\":1}" },
            "other stages" => Entry("a") with { Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse] },
            _ => Entry("b"),
        };

        Assert.That(Build(Document(Gateway(Entry("a"))) with { Rules = [Rule("/*", other)] }).Plan("/x").Ids(), Has.Exactly(2).Items);
    }

    [Test]
    public void Plan_Seams_EntryTakesPartOnlyThere()
    {
        var table = Build(Document(Gateway(Entry("a", "x"), Entry("b", "y") with { Seams = [GuardrailSeam.Outgoing, GuardrailSeam.Mcp] })) with
        {
            Rules = [Rule("/*", Off("a", "x") with { Seams = [GuardrailSeam.Outgoing] })],
        });

        Assert.That(table.Plan("/x", seam: GuardrailSeam.Incoming).Ids(), Is.EqualTo(new[] { "x" }));
        Assert.That(table.Plan("/x", seam: GuardrailSeam.Outgoing).Ids(), Is.EqualTo(new[] { "y" }));
        Assert.That(table.Plan("/x", seam: GuardrailSeam.Code).Ids(), Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void Plan_LockedOnly_KeepsLockedEntriesAlone()
    {
        var table = Build(Document(Gateway(Entry("a"),
            Entry("b", "x") with { Locked = true })) with { Rules = [Rule("/*", Entry("a", "same") with { Locked = true })] });

        var plan = table.Resolve(Query("/x") with { LockedOnly = true }).Plan!;

        Assert.That(plan.Ids(), Is.EqualTo(new[] { "x", "same" }));
        Assert.That(table.Plan("/x").Ids(), Is.EqualTo(new[] { "gateway/Gateway/a", "x" }), "the same scope without the opt-out");
    }

    [Test]
    public void Plan_RulesOfOnePath_KeepTheirEntriesOfOneIdApart()
    {
        var table = Build(Document() with
        {
            Rules =
            [
                Rule("/x", Entry("a", "own")) with { Methods = ["POST", "GET"] },
                Rule("/x", Entry("a", "own")) with { Methods = ["PUT"] },
                Rule("/y", Entry("a", "own")) with { Methods = ["PUT"] },
            ],
        });
        GuardrailEntry Key(string path, string method) => table.Plan(path, method)[GuardrailStage.PreRequest].Sequential.Single().Key;

        Assert.That((Key("/x", "GET").Owner, Key("/x", "PUT").Owner, Key("/y", "PUT").Owner), Is.EqualTo(("/x [GET,POST]", "/x [PUT]", "/y")));
    }

    [Test]
    public void Plan_RepeatedEntries_HandlesAreNumbered()
    {
        var table = Build(Document(Gateway(Entry("a") with { Settings = "1" }, Entry("a") with { Settings = "2" },
            Entry("a", "own") with { Settings = "3" })) with
        {
            Rules = [Rule("/x", Entry("a") with { Settings = "4" }) with { Methods = ["GET"] },
                Rule("/x", Entry("a") with { Settings = "4" }) with { Methods = ["POST"] }],
        });

        Assert.That(table.Plan("/x", "GET").Ids(), Is.EqualTo(new[] { "gateway/Gateway/a", "gateway/Gateway/a#2", "own", "rule//x/a" }));
        Assert.That(table.Plan("/x", "POST").Ids().Last(), Is.EqualTo("rule//x/a#2"));
    }

    [Test]
    public void Plan_Options_NarrowerWinsKeyByKey()
    {
        var table = Build(Document(Gateway() with
        {
            Options = new LevelOptions { Dialect = "openai", DenyWithCompletion = true, MaxBodyBytes = 1, MaxDepth = 1,
                MaxFindings = 1, MaxInflateRatio = 1, MaxHeldBytes = 1,
                Uninspected = Uninspected(UninspectedKind.Image, UninspectedAction.Block) },
        }) with
        {
            Services = [Service("s") with { Options = new LevelOptions { MaxDepth = 2, MaxSegments = 2,
                Uninspected = Uninspected(UninspectedKind.Audio, UninspectedAction.Allow) } }],
            Rules = [Rule("/*") with { ServiceId = "s", StripPath = true,
                Options = new LevelOptions { MaxSegments = 3, MaxFindings = 4, MaxInflateRatio = 5, MaxHeldBytes = 6, DenyWithCompletion = false,
                Uninspected = Uninspected(UninspectedKind.Image, UninspectedAction.Allow) } }],
        });

        var plan = table.Plan("/x");

        Assert.That(plan.Limits, Is.EqualTo(
            new PlanLimits { MaxBodyBytes = 1, MaxDepth = 2, MaxSegments = 3, MaxFindings = 4, MaxInflateRatio = 5, MaxHeldBytes = 6 }));
        Assert.That((plan.Dialect, plan.DenyWithCompletion, plan.Scope.StripPath), Is.EqualTo(("openai", false, true)));
        Assert.That(
            plan.Uninspected, Is.EqualTo(UninspectedPolicy.Default with { Image = UninspectedAction.Allow, Audio = UninspectedAction.Allow }));
        Assert.That(table.Plan().Uninspected, Is.EqualTo(UninspectedPolicy.Default with { Image = UninspectedAction.Block }));
        Assert.That(Build(Document()).Plan().Limits, Is.EqualTo(PlanLimits.Default));

        static ImmutableDictionary<UninspectedKind, UninspectedAction> Uninspected(UninspectedKind kind, UninspectedAction action) =>
            ImmutableDictionary<UninspectedKind, UninspectedAction>.Empty.Add(kind, action);
    }

    [TestCase(true, true, false, false, true)]
    [TestCase(true, false, true, false, true)]
    [TestCase(true, false, false, false, false)]
    [TestCase(false, true, true, false, false)]
    [TestCase(true, true, true, true, false)]
    public void Resolve_Unidentified_RefusedOnlyIfPolicyKnowsCallers(bool refuse, bool hasGroups, bool hasConsumers, bool isIdentified, bool expected)
    {
        var table = Build(Document() with
        {
            Identity = new IdentityPolicy { RefuseUnidentified = refuse },
            ConsumerGroups = hasGroups ? [Group("g")] : [],
            Consumers = hasConsumers ? [Consumer("alice")] : [],
        });

        var resolution = table.Resolve(Query(caller: isIdentified ? new GuardrailCaller("somebody") : null));

        Assert.That(resolution.IsUnidentifiedRefused, Is.EqualTo(expected));
        Assert.That(resolution.Plan, Is.Not.Null);
    }
}
