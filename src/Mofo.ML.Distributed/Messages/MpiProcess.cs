using System.Diagnostics;
using System.Text;
using Mofo.ML.Distributed.NativeLibraries;
using MPI;

namespace Mofo.ML.Distributed.Messages;

/// <summary>MPI of this process, for several threads: one call at a time, and no call that waits.</summary>
/// <remarks>
/// MPI's own waiting keeps a processor busy, which decoding, or a neighbour on the same machine, then misses. Here a wait asks again and again, ever more rarely, and watches
/// for processes that have ended their part: what waits for those would wait forever.
/// </remarks>
internal sealed class MpiProcess
{
    private const int LeftTag = 1;
    private const int Serialized = 2; // MPI_THREAD_SERIALIZED
    private const long BusyTests = 64;

    /// <summary>Bytes of the reason that travels with a goodbye; a longer one is cut.</summary>
    private const int ReasonBytes = 2048;

    // Yielding costs processor time wherever others are late; a message of a few bytes takes some ten microseconds, a bucket of gradients milliseconds.
    private static readonly TimeSpan YieldFor = TimeSpan.FromMilliseconds(0.1);
    private static readonly TimeSpan ShortSleepsFor = TimeSpan.FromMilliseconds(1);

    /// <summary>Longer than the one that speaks needs to end all others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The launcher forwards what a process writes; what it has not read when that process ends all is lost, once in some sixty times where nothing waited.</summary>
    private static readonly TimeSpan TimeToForward = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Time between the last message and MPI_Finalize. Over TCP, MPICH before 4.2 asks each peer there to confirm that everything arrived, then waits in a PMI barrier, where it answers no
    /// more. A peer that is still reading when it gets that question answers it, and later asks its own question to a process that is deaf. During this time all peers stop reading, so every
    /// question is asked before one is answered.
    /// </summary>
    private static readonly TimeSpan TimeToStopReading = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly int _leaving;
    private int _left;
    private bool _isLeaving;

    /// <summary>Begins MPI in this process; once only.</summary>
    /// <exception cref="DllNotFoundException">No MPI library fits.</exception>
    /// <exception cref="NotSupportedException">The library knows no threads.</exception>
    public unsafe MpiProcess()
    {
        MpiLibrary.Use();
        var count = 0;
        byte** none = null;
        Check(Unsafe.MPI_Init_thread(ref count, ref none, Serialized, out var provided));
        if (provided < Serialized)
        {
            throw new NotSupportedException(Invariant($"This MPI library supports threads of level {provided}; level {Serialized} (MPI_THREAD_SERIALIZED) is needed."));
        }

        // Communicators of our own, so that no message is mixed up with the program's own use of MPI.
        (Collective, Rows, _leaving) = (Duplicate(), Duplicate(), Duplicate());
        Check(Unsafe.MPI_Comm_rank(Collective, out var rank));
        Check(Unsafe.MPI_Comm_size(Collective, out var size));
        (Rank, Size) = (rank, size);
    }

    public delegate int Begin(out int request);

    public int Rank { get; }

    public int Size { get; }

    /// <summary>The communicator of collective operations.</summary>
    public int Collective { get; }

    /// <summary>The communicator of the messages that share out rows.</summary>
    public int Rows { get; }

    /// <summary>Says which process a failure report comes from.</summary>
    public Func<int, string> Name { get; set; } = rank => Invariant($"rank {rank}");

    /// <summary>Makes one call that does not wait.</summary>
    public T Call<T>(Func<T> call)
    {
        lock (_gate)
        {
            return call();
        }
    }

    /// <summary>Begins an operation and waits for its end.</summary>
    /// <param name="begin">Begins it.</param>
    /// <param name="urgent">Whether others wait for data that is moved on only by asking: then sleeps of some 50 microseconds at most, and no look for ranks that have left.</param>
    public void Run(Begin begin, bool urgent = false)
    {
        int request;
        lock (_gate)
        {
            Check(begin(out request));
        }

        Wait(() =>
        {
            Check(Unsafe.MPI_Test(ref request, out var done, out _));
            return done != 0;
        }, urgent);
    }

    /// <summary>Waits until a call that does not wait says yes.</summary>
    public void Wait(Func<bool> isDone, bool urgent = false)
    {
        var since = Stopwatch.GetTimestamp();
        for (var tests = 0L; !Call(isDone); tests++)
        {
            if (tests < BusyTests)
            {
                continue;
            }

            var waited = Stopwatch.GetElapsedTime(since);
            if (waited < YieldFor)
            {
                _ = Thread.Yield();
                continue;
            }

            if (urgent || waited < ShortSleepsFor)
            {
                ShortSleep.Microseconds(50);
                continue;
            }

            Thread.Sleep(1);
            if (!_isLeaving && Call(HasLeft) is { } left)
            {
                EndWith(left);
            }
        }
    }

    /// <summary>Ends MPI: says so to all others, waits for them to do the same, then finishes.</summary>
    /// <param name="reason">Why this process ends before its work is done; null where it is done.</param>
    public unsafe void Leave(string? reason)
    {
        _isLeaving = true;
        var goodbye = new byte[ReasonBytes];
        Encoding.UTF8.GetEncoder().Convert(reason ?? "", goodbye, flush: true, out _, out _, out _);
        fixed (byte* start = goodbye)
        {
            SayGoodbye((nint)start);
        }

        Wait(() =>
        {
            while (HasLeft() is not null)
            {
            }

            return _left == Size - 1;
        });
        if (Size > 1)
        {
            Thread.Sleep(TimeToStopReading);
        }

        _ = Call(() => Unsafe.MPI_Finalize());
    }

    /// <summary>Ends all processes at once, with one message. Does not come back.</summary>
    public static void Abort(string message)
    {
        Console.Error.WriteLine("Mofo.ML: " + message);
        Console.Error.Flush();
        Thread.Sleep(TimeToForward);
        _ = Unsafe.MPI_Abort(Unsafe.MPI_COMM_WORLD, 1);
    }

    /// <summary>Throws where MPI reports an error; its own handler usually has ended the process by then.</summary>
    public static void Check(int code, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(code))] string call = "")
    {
        if (code != Unsafe.MPI_SUCCESS)
        {
            throw new InvalidOperationException(Invariant($"MPI reports error {code} in {call}. The output of mpirun may name the cause."));
        }
    }

    private static int Duplicate()
    {
        Check(Unsafe.MPI_Comm_dup(Unsafe.MPI_COMM_WORLD, out var copy));
        return copy;
    }

    private void SayGoodbye(nint reason)
    {
        for (var other = 0; other < Size; other++)
        {
            if (other != Rank)
            {
                var to = other;
                Run((out int request) => Unsafe.MPI_Isend(reason, ReasonBytes, Unsafe.MPI_BYTE, to, LeftTag, _leaving, out request));
            }
        }
    }

    /// <summary>Ends all processes, as one that this one waits for has left. Of those that wait the first speaks; the others leave it time to.</summary>
    private void EndWith((int Rank, string Reason) left)
    {
        if (Rank != (left.Rank == 0 ? 1 : 0))
        {
            Thread.Sleep(Patience);
        }

        Abort(left.Reason.Length > 0
            ? $"{Name(left.Rank)} stopped: {left.Reason}"
            : $"{Name(left.Rank)} ended its part of the program, and {Name(Rank)} still waits for it. What {Name(left.Rank)} wrote before says why.");
    }

    /// <summary>The next rank that says it has left, and why it did before its work was done; null for none.</summary>
    private unsafe (int Rank, string Reason)? HasLeft()
    {
        Check(Unsafe.MPI_Iprobe(Unsafe.MPI_ANY_SOURCE, LeftTag, _leaving, out var found, out var status));
        if (found == 0)
        {
            return null;
        }

        var reason = new byte[ReasonBytes];
        fixed (byte* start = reason)
        {
            Check(Unsafe.MPI_Recv((nint)start, ReasonBytes, Unsafe.MPI_BYTE, status.MPI_SOURCE, LeftTag, _leaving, out _));
        }

        _left++;
        return (status.MPI_SOURCE, Encoding.UTF8.GetString(reason).TrimEnd('\0'));
    }
}
