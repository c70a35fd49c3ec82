namespace LlmGuard.Abstractions.Tests.Calls;

public sealed class GuardrailCallerTests
{
    private static readonly GuardrailCaller Alice = new("alice");
    private static readonly GuardrailCaller Bob = new("bob", "premium");

    [Test]
    public void Use_Nested_ComesBackStepByStep()
    {
        Assert.That(GuardrailCaller.Current, Is.Null);
        using (GuardrailCaller.Use(Alice))
        {
            using (GuardrailCaller.Use(Bob))
            {
                Assert.That(GuardrailCaller.Current, Is.SameAs(Bob));
            }

            Assert.That(GuardrailCaller.Current, Is.SameAs(Alice));
        }

        Assert.That(GuardrailCaller.Current, Is.Null);
    }

    [Test]
    public void Use_DisposedTwice_LeavesALaterCallerAlone()
    {
        var outer = GuardrailCaller.Use(Alice);
        var inner = GuardrailCaller.Use(Bob);
        inner.Dispose();
        outer.Dispose();
        inner.Dispose();

        Assert.That(GuardrailCaller.Current, Is.Null);
    }

    [Test]
    public void Use_DisposedOutOfOrder_NeverBringsBackAnEndedCaller()
    {
        var outer = GuardrailCaller.Use(Alice);
        var inner = GuardrailCaller.Use(Bob);
        outer.Dispose();
        Assert.That(GuardrailCaller.Current, Is.SameAs(Bob));
        inner.Dispose();

        Assert.That(GuardrailCaller.Current, Is.Null);
    }

    [Test]
    public async Task Use_AsyncFlow_ReachesWorkStartedInsideAndNothingElse()
    {
        var release = new TaskCompletionSource();
        Task<GuardrailCaller?> inside;
        using (GuardrailCaller.Use(Alice))
        {
            inside = After(release.Task);
            await Task.Yield();
            Assert.That(GuardrailCaller.Current, Is.SameAs(Alice));
            await Task.Run(() =>
            {
                _ = GuardrailCaller.Use(Bob);
                Assert.That(GuardrailCaller.Current, Is.SameAs(Bob));
            });
            Assert.That(GuardrailCaller.Current, Is.SameAs(Alice), "what a child sets stays with the child");
        }

        var outside = After(release.Task);
        release.SetResult();

        Assert.That(await inside, Is.SameAs(Alice));
        Assert.That(await outside, Is.Null);
    }

    [Test]
    public async Task Use_ManyFlowsAtOnce_NeverMeet()
    {
        var seen = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var own = new GuardrailCaller("c" + i);
            await Task.Yield();
            using var use = GuardrailCaller.Use(own);
            for (var step = 0; step < 5; step++)
            {
                await Task.Yield();
                if (!ReferenceEquals(GuardrailCaller.Current, own))
                {
                    return false;
                }
            }

            return true;
        }));

        Assert.That(seen, Is.All.True);
        Assert.That(GuardrailCaller.Current, Is.Null);
    }

    [Test]
    public void Caller_NameAndGroups_SayWhetherItIsKnown()
    {
        Assert.That(GuardrailCaller.Anonymous.IsAnonymous, Is.True);
        Assert.That((Alice.IsAnonymous, new GuardrailCaller(null, "g").IsAnonymous), Is.EqualTo((false, false)));
        Assert.That((Bob.Consumer, Bob.Groups.Single()), Is.EqualTo(("bob", "premium")));
        Assert.That((Bob.ToString(), GuardrailCaller.Anonymous.ToString()), Is.EqualTo(("identified", "anonymous")));
        Assert.That(() => new GuardrailCaller("a", (IReadOnlyList<string>)null!), Throws.ArgumentNullException);
        Assert.That(() => GuardrailCaller.Use(null!), Throws.ArgumentNullException);
    }

    private static async Task<GuardrailCaller?> After(Task task)
    {
        await task;
        return GuardrailCaller.Current;
    }
}
