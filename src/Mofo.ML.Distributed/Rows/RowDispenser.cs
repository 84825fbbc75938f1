using Mofo.ML.Distributed.Messages;
using MPI;

namespace Mofo.ML.Distributed.Rows;

/// <summary>Hands out the rows of a list, one after the other, to whichever rank asks next: fast ranks and short videos make up for slow ones.</summary>
/// <remarks>
/// Rank 0 counts. The others ask it by message and end with one message of their own, so that it knows when no more requests will come. A thread answers them, as rank 0 works on rows itself.
/// Made by all ranks; disposed by all.
/// </remarks>
internal sealed class RowDispenser : IDisposable
{
    private const int Ask = 1;
    private const int Answer = 2;
    private const int End = 3;
    private const long NoMore = -1;

    private readonly MpiProcess _process;
    private readonly Thread? _answering;
    private long _next;
    private int _ended;
    private volatile bool _isOver;
    private bool _hasEnded;

    public RowDispenser(MpiProcess process)
    {
        _process = process;
        if (process.Rank == 0)
        {
            _answering = new Thread(AnswerAll) { IsBackground = true, Name = "Mofo.ML row dispenser" };
            _answering.Start();
        }
    }

    /// <summary>The next row that no rank has taken, from 0; null where no more are given. The list may be shorter: the rank that notices says so by <see cref="Finish"/>.</summary>
    public long? Next()
    {
        if (_hasEnded)
        {
            return null;
        }

        var row = _process.Rank == 0 ? Count() : Asked();
        return row == NoMore ? null : row;
    }

    /// <summary>This rank takes no more rows, and no other gets new ones: the list is at its end, or something failed.</summary>
    public void Finish()
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        _isOver = true;
        if (_process.Rank != 0)
        {
            Send(0, End, 0);
        }
    }

    /// <summary>Finishes, and on rank 0 waits until all others have.</summary>
    public void Dispose()
    {
        Finish();
        _answering?.Join();
    }

    private long Count() => _isOver ? NoMore : Interlocked.Increment(ref _next) - 1;

    private long Asked()
    {
        Send(0, Ask, 0);
        _ = Receive(0, Answer, out var row);
        return row;
    }

    private void AnswerAll()
    {
        while (_ended < _process.Size - 1)
        {
            var (from, tag) = Receive(Unsafe.MPI_ANY_SOURCE, Unsafe.MPI_ANY_TAG, out _);
            if (tag == Ask)
            {
                Send(from, Answer, Count());
            }
            else
            {
                _isOver = true;
                _ended++;
            }
        }
    }

    private unsafe void Send(int to, int tag, long number)
    {
        var address = (nint)(&number);
        _process.Run((out int request) => Unsafe.MPI_Isend(address, sizeof(long), Unsafe.MPI_BYTE, to, tag, _process.Rows, out request));
    }

    private unsafe (int From, int Tag) Receive(int from, int tag, out long number)
    {
        long received = 0;
        var (sender, kind) = (0, 0);
        _process.Wait(() =>
        {
            // Rank 0 receives questions and never answers; the others the other way round.
            MpiProcess.Check(Unsafe.MPI_Iprobe(from, tag, _process.Rows, out var found, out var status));
            if (found == 0)
            {
                return false;
            }

            (sender, kind) = (status.MPI_SOURCE, status.MPI_TAG);
            long value;
            MpiProcess.Check(Unsafe.MPI_Recv((nint)(&value), sizeof(long), Unsafe.MPI_BYTE, sender, kind, _process.Rows, out _));
            received = value;
            return true;
        });
        number = received;
        return (sender, kind);
    }
}
