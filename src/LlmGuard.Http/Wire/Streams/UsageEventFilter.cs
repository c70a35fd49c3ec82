using System.Buffers;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>
/// Takes out of an event stream the event that only reports usage, because a policy asked for it and the client did not. Stands after everything
/// else, whatever judged the stream before. Holds one event at a time, and none that is larger than such an event ever is.
/// </summary>
internal sealed class UsageEventFilter(Dialect dialect)
{
    private const int LargestEvent = 8192;

    private readonly ArrayBufferWriter<byte> _event = new();
    private int _lineLength;
    private bool _isTooLarge;

    /// <summary>Takes bytes of the stream and passes on those of the events that are complete.</summary>
    public void Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..(end + 1)];
            bytes = bytes[line.Length..];
            _event.Write(line);
            _lineLength += line.TrimEnd("\r\n"u8).Length;
            if (end >= 0 && _lineLength == 0)
            {
                Finish(output);
            }
            else if (_isTooLarge || _event.WrittenCount > LargestEvent)
            {
                _isTooLarge = true;
                Emit(output);
            }

            _lineLength = end >= 0 ? 0 : _lineLength;
        }
    }

    /// <summary>Passes on what is left when the stream has ended.</summary>
    public void End(IBufferWriter<byte> output) => Finish(output);

    private void Finish(IBufferWriter<byte> output)
    {
        if (!_isTooLarge && IsUsageOnly(_event.WrittenSpan))
        {
            _event.ResetWrittenCount();
        }

        _isTooLarge = false;
        Emit(output);
    }

    private void Emit(IBufferWriter<byte> output)
    {
        output.Write(_event.WrittenSpan);
        _event.ResetWrittenCount();
    }

    private bool IsUsageOnly(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\"usage\""u8) < 0)
        {
            return false;
        }

        // Such an event is one line in practice; one of several lines stays, which is what the client would see without this filter.
        var data = default(ReadOnlySpan<byte>);
        var lines = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].TrimEnd((byte)'\r');
            if (line.StartsWith("data:"u8))
            {
                data = line[5..];
                lines++;
            }
        }

        return lines == 1 && dialect.IsUsageOnly(data);
    }
}
