using LlmGuard.Policy.Revisions;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Policy;

/// <summary>Notices that the policy may have changed, and says so once the changes have been quiet for a while.</summary>
/// <remarks>
/// Files are watched by their directory, because editors and mounted volumes replace files rather than write them, and looked at in intervals
/// besides, because not every file system reports changes. Changes that never cease delay a reload by at most <see cref="MaxDelays"/> delays.
/// </remarks>
internal sealed class PolicyWatcher : IDisposable
{
    public const int MaxDelays = 10;

    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _delay;
    private readonly ILogger _logger;
    private readonly ITimer _debounce;
    private readonly ITimer _poll;
    private readonly Dictionary<string, FileSystemWatcher?> _directories = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _files = [];
    private string _fingerprint = "";
    private long? _firstSignal;
    private bool _isForced;
    private bool _isDisposed;

    /// <param name="time">The clock.</param>
    /// <param name="delay">How long changes must have been quiet.</param>
    /// <param name="changed">Called on a timer's thread. Must not throw.</param>
    /// <param name="logger">Told when a directory cannot be watched.</param>
    public PolicyWatcher(TimeProvider time, TimeSpan delay, Action changed, ILogger logger)
    {
        _time = time;
        _delay = delay;
        _logger = logger;
        _debounce = time.CreateTimer(
            _ =>
            {
                if (IsDue())
                {
                    changed();
                }
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _poll = time.CreateTimer(_ => Poll(), null, PollInterval, PollInterval);
    }

    /// <summary>Watches these files from now on.</summary>
    /// <param name="files">Full paths.</param>
    /// <param name="fingerprint">The fingerprint of what was read of them, so that no change falls between.</param>
    public void Watch(IReadOnlyList<string> files, string fingerprint)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _files = files;
            _fingerprint = fingerprint;
            var directories = files.Select(file => Path.GetDirectoryName(file)!).ToHashSet(StringComparer.Ordinal);
            foreach (var (directory, watcher) in _directories.Where(d => !directories.Contains(d.Key)).ToList())
            {
                watcher?.Dispose();
                _directories.Remove(directory);
            }

            foreach (var directory in directories.Where(d => !_directories.ContainsKey(d)))
            {
                _directories.Add(directory, TryWatch(directory));
            }
        }
    }

    /// <summary>Says that something may have changed.</summary>
    /// <param name="isForced">Whether to reload even if no file changed.</param>
    public void Signal(bool isForced)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isForced |= isForced;
            _firstSignal ??= _time.GetTimestamp();
            var left = (_delay * MaxDelays) - _time.GetElapsedTime(_firstSignal.Value);
            _debounce.Change(left < _delay ? TimeSpan.FromTicks(Math.Max(left.Ticks, 0)) : _delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _debounce.Dispose();
            _poll.Dispose();
            foreach (var watcher in _directories.Values)
            {
                watcher?.Dispose();
            }

            _directories.Clear();
        }
    }

    private bool IsDue()
    {
        lock (_lock)
        {
            _firstSignal = null;
            var isForced = _isForced;
            _isForced = false;
            return !_isDisposed && (isForced || HaveFilesChanged());
        }
    }

    private void Poll()
    {
        bool changed;
        lock (_lock)
        {
            changed = !_isDisposed && _firstSignal is null && HaveFilesChanged();
        }

        if (changed)
        {
            Signal(isForced: false);
        }
    }

    private bool HaveFilesChanged() => _files.Count > 0 && PolicyFiles.FingerprintOf(_files) != _fingerprint;

    private FileSystemWatcher? TryWatch(string directory)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(directory);
            watcher.Changed += (_, _) => Signal(isForced: false);
            watcher.Created += (_, _) => Signal(isForced: false);
            watcher.Deleted += (_, _) => Signal(isForced: false);
            watcher.Renamed += (_, _) => Signal(isForced: false);
            watcher.Error += (_, _) => Signal(isForced: false);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Out of watches, or a file system without them: the poll is there for it.
            watcher?.Dispose();
            PolicyLog.WatchFailed(_logger, directory, failure.GetType().Name, PollInterval.TotalSeconds);
            return null;
        }
    }
}
