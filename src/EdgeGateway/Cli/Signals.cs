using System.Runtime.InteropServices;

namespace EdgeGateway.Cli;

/// <summary>SIGTERM and Ctrl+C, as a token. The first asks for a clean end; a second Ctrl+C ends at once.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public Signals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    }

    public CancellationToken Token => _ending.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _ending.Dispose();
    }

    private void End(PosixSignalContext signal)
    {
        signal.Cancel = signal.Signal == PosixSignal.SIGTERM || !_ending.IsCancellationRequested;
        _ending.Cancel();
    }
}
