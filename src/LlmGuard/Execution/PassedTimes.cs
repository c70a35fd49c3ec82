using System.Runtime.CompilerServices;

namespace LlmGuard.Execution;

/// <summary>How long each of a stage's entries took that had nothing to say. Of few entries in place, without memory of its own.</summary>
internal struct PassedTimes
{
    // As many as there are plugins that judge here.
    private const int InPlace = 4;

    private Ticks _few;
    private TimeSpan[]? _many;

    /// <summary>Begins with nothing.</summary>
    /// <param name="entries">How many there are.</param>
    public PassedTimes(int entries) => _many = entries > InPlace ? new TimeSpan[entries] : null;

    public TimeSpan this[int entry]
    {
        readonly get => _many is { } many ? many[entry] : new TimeSpan(_few[entry]);
        set
        {
            // Seven minutes are more than an evaluation in place takes; a clock that is put forward may say so all the same.
            if (_many is null && value.Ticks is < 0 or > uint.MaxValue)
            {
                Spill();
            }

            if (_many is { } many)
            {
                many[entry] = value;
            }
            else
            {
                _few[entry] = (uint)value.Ticks;
            }
        }
    }

    private void Spill()
    {
        var many = new TimeSpan[InPlace];
        for (var i = 0; i < many.Length; i++)
        {
            many[i] = this[i];
        }

        _many = many;
    }

    [InlineArray(InPlace)]
    private struct Ticks
    {
        private uint _first;
    }
}
