using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Planning;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Tells whether an answer arrives in pieces: by its head, or by its first bytes where the head says something else.</summary>
internal sealed class StreamTelling(EffectivePlan plan)
{
    private WireHead? _untold;

    /// <summary>Looks at the head; true when that tells that it does.</summary>
    public bool IsToldBy(WireHead head)
    {
        if (StreamGate.Applies(plan, head))
        {
            return true;
        }

        _untold = StreamGate.DependsOnStart(plan, head) ? head : null;
        return false;
    }

    /// <summary>Looks at what has come; true when that tells that it does.</summary>
    /// <param name="start">The first bytes, as they came.</param>
    /// <param name="head">The head.</param>
    /// <param name="form">How it is framed.</param>
    public bool IsToldBy(ReadOnlyMemory<byte> start, out WireHead head, out StreamForm form)
    {
        (head, form) = (_untold!, default);
        if (_untold is null || !StreamGate.TryTell(_untold, start, out var told))
        {
            return false;
        }

        // Once it is known to be one that is judged whole, nothing more is asked.
        _untold = null;
        form = told.GetValueOrDefault();
        return told is not null;
    }
}
