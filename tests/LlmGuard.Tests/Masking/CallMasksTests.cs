using System.Text;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGuard.Tests.Masking;

/// <summary>What a call keeps, where, and how long it waits for that.</summary>
public sealed class CallMasksTests
{
    private static readonly ReversibleMasking Masking = new("0123456789abcdef"u8);

    private readonly ManualTime _time = new();

    [Test]
    public async Task Begin_ApplicationNamesTheConversation_TheRequestDoesNotRenameIt()
    {
        var store = Store();
        var first = await BeginAsync(store, new GuardrailCaller("alice"), "mine", RequestFacts.None with { Conversation = "theirs" });
        var placeholder = Issue(first, "joe")!;
        await first.EndRequestAsync(Access(store), default);
        var second = await BeginAsync(store, new GuardrailCaller("alice"), "mine", RequestFacts.None);
        Assert.That(second.TryOpen(Encoding.UTF8.GetBytes(placeholder), null, out _), Is.True);
    }

    [Test]
    public async Task EndRequest_Stranger_PutsNothingIntoTheStore()
    {
        var store = Store();
        var masks = await BeginAsync(store, GuardrailCaller.Anonymous, null, RequestFacts.None);
        Assert.That(Issue(masks, "joe"), Is.Not.Null, "restored within the call");
        await masks.EndRequestAsync(Access(store), default);
        Assert.That(store.Bytes, Is.Zero, "nobody could find it there");
    }

    [Test]
    public async Task TakeFallback_ValueThatCannotBeKept_IsToldOnce()
    {
        var masks = await BeginAsync(Store(), new GuardrailCaller("alice"), "chat", RequestFacts.None);
        Assert.That(Issue(masks, new string('x', MaskVault.MaxValueBytes + 1)), Is.Null);
        Issue(masks, "joe");
        Assert.That(new[] { masks.TakeFallback(), masks.TakeFallback() }, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task Begin_StoreThatDoesNotAnswer_IsGivenUpAfterASecond()
    {
        var beginning = BeginAsync(new SilentStore(), new GuardrailCaller("alice"), "chat", RequestFacts.None).AsTask();
        Assert.That(_time.Waiting, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_time.Waiting, Is.Zero);
        var masks = await beginning;
        Assert.That(Issue(masks, "joe"), Is.Not.Null, "masked all the same");
    }

    private static string? Issue(CallMasks masks, string value) =>
        masks.Issue(Replacement.ReversibleToken(Masking, "name"), Encoding.UTF8.GetBytes(value));

    private InMemoryMaskVaultStore Store() => new(1_000_000, _time);

    private VaultAccess Access(IMaskVaultStore store) => new(store, _time, new ExecutionLog(NullLogger<ExecutionLog>.Instance));

    private async ValueTask<CallMasks> BeginAsync(IMaskVaultStore store, GuardrailCaller caller, string? conversation, RequestFacts facts)
    {
        var masks = new CallMasks(caller, conversation);
        var entry = new PlanEntry
        {
            Key = new GuardrailEntry("gateway", "G", "mask", "data_masking"),
            Plugin = new GuardrailPluginMetadata("data_masking") { Rewrites = true },
            Evaluator = new Evaluator(),
        };
        await masks.BeginAsync(
            GuardrailStage.PreRequest, GuardrailContent.FromText("hello", SegmentRole.User), facts, [entry], Access(store), default);
        return masks;
    }

    private sealed class Evaluator : IReversibleEvaluator
    {
        public ReversibleMasking? Reversible => Masking;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }

    private sealed class SilentStore : IMaskVaultStore
    {
        private readonly TaskCompletionSource<IReadOnlyList<SealedOriginal>> _never = new();

        public ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(string vault, TimeSpan lifetime, CancellationToken cancellationToken) =>
            new(_never.Task);

        public ValueTask AddAsync(string vault, IReadOnlyList<SealedOriginal> added, TimeSpan lifetime, CancellationToken cancellationToken) =>
            new(_never.Task);
    }
}
