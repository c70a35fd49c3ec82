using Microsoft.Extensions.Logging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;

/// <summary>Says what is wrong and what to do, each thing at most once a minute. One per entry; thread-safe.</summary>
internal sealed class Symptoms(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly long[] _said = new long[Enum.GetValues<Symptom>().Length];

    private enum Symptom
    {
        Egress,
        Credentials,
        Token,
        TokenUnreachable,
        Timeout,
        Application,
        Monitor,
        Verdict,
    }

    public void TokenRefused(int status)
    {
        if (!IsDue(Symptom.Token))
        {
            return;
        }

        if (status is 400 or 401 or 403)
        {
            NomaLog.ClientRefused(logger, status);
        }
        else
        {
            NomaLog.TokenUrlWrong(logger, status);
        }
    }

    public void TokenUnreachable()
    {
        if (IsDue(Symptom.TokenUnreachable))
        {
            NomaLog.TokenUnreachable(logger);
        }
    }

    public void GenericApplication()
    {
        if (IsDue(Symptom.Application))
        {
            NomaLog.GenericApplication(logger);
        }
    }

    public void MonitorMode()
    {
        if (IsDue(Symptom.Monitor))
        {
            NomaLog.MonitorMode(logger);
        }
    }

    /// <summary>What monitor mode left undone, every time.</summary>
    public void WouldHave(GuardrailVerdict verdict)
    {
        if (verdict is { Failure: null, Outcome: VerdictOutcome.Block or VerdictOutcome.Modify })
        {
            var outcome = verdict.Outcome == VerdictOutcome.Block ? "blocked" : "masked";
            var reason = verdict.Refusal?.Reason ?? (verdict.Findings.Count > 0 ? verdict.Findings[0].Rule : null);
            NomaLog.WouldHave(logger, outcome, reason);
        }
    }

    /// <summary>A failure in the words of Noma's guide.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="timeout">The entry's deadline.</param>
    /// <param name="elapsed">How long the evaluation took.</param>
    public void Failed(GuardrailFailure failure, TimeSpan timeout, TimeSpan elapsed)
    {
        var symptom = SymptomOf(failure.Reason, timeout, elapsed);
        if (!IsDue(symptom))
        {
            return;
        }

        switch (symptom)
        {
            case Symptom.Egress:
                NomaLog.EgressBlocked(logger, failure.Reason);
                break;
            case Symptom.Credentials:
                NomaLog.CredentialsRefused(logger);
                break;
            case Symptom.Timeout:
                NomaLog.TimeoutTooShort(logger, (long)timeout.TotalMilliseconds);
                break;
            default:
                NomaLog.NoVerdict(logger, failure.Class, failure.Reason);
                break;
        }
    }

    private static Symptom SymptomOf(string reason, TimeSpan timeout, TimeSpan elapsed) => reason switch
    {
        FailureReasons.Transport or FailureReasons.EgressRefused => Symptom.Egress,
        FailureReasons.Credentials => Symptom.Credentials,

        // Over before the deadline: it was connecting that took too long, which is what a firewall that drops packets looks like.
        FailureReasons.Timeout => elapsed < timeout * 0.9 ? Symptom.Egress : Symptom.Timeout,
        _ => Symptom.Verdict,
    };

    private bool IsDue(Symptom symptom)
    {
        ref var said = ref _said[(int)symptom];
        var last = Volatile.Read(ref said);
        var now = time.GetTimestamp();
        return (last == 0 || time.GetElapsedTime(last, now) >= Pause) && Interlocked.CompareExchange(ref said, now == 0 ? 1 : now, last) == last;
    }
}
