using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Client;

/// <summary>Reads as much of an answer as tells how it is framed.</summary>
internal static class AnswerStart
{
    private const int FirstRead = 4096;

    /// <summary>The form, or null when the answer is to be judged whole. Its body begins with what was read again.</summary>
    public static async ValueTask<StreamForm?> TellAsync(HttpResponseMessage response, WireHead head, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var bytes = new byte[FirstRead];
        var length = 0;
        StreamForm? form = null;
        while (await stream.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
            if (StreamGate.TryTell(head, bytes.AsMemory(0, length), out form))
            {
                break;
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, 2 * length);
            }
        }

        await ResponseBody.PutBackAsync(response, bytes.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        return form;
    }
}
