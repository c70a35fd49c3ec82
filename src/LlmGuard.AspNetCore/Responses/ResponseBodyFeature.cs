using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>The response body as the rest of the pipeline writes it.</summary>
internal sealed class ResponseBodyFeature : IHttpResponseBodyFeature
{
    private readonly GuardedResponse _response;
    private ResponseWriter? _writer;

    public ResponseBodyFeature(GuardedResponse response)
    {
        _response = response;
        Stream = new ResponseStream(response);
    }

    public Stream Stream { get; }

    public PipeWriter Writer => _writer ??= new ResponseWriter(_response);

    public Task StartAsync(CancellationToken cancellationToken = default) => _response.StartAsync(cancellationToken);

    public async Task CompleteAsync()
    {
        await FlushWriterAsync().ConfigureAwait(false);
        await _response.CompleteAsync().ConfigureAwait(false);
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        _response.PassesFiles
            ? _response.SendFileAsync(path, offset, count, cancellationToken)
            : SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public void DisableBuffering() => _response.DisableBuffering();

    /// <summary>Sends on what was written and not flushed. Nothing can be written afterwards.</summary>
    public ValueTask FlushWriterAsync() => _writer?.CompleteAsync() ?? ValueTask.CompletedTask;

    /// <summary>Gives up what was written and not flushed.</summary>
    public void Abandon(Exception reason) => _writer?.Complete(reason);
}
