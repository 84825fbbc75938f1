using System.Text;
using Mofo.ML.Distributed.NativeLibraries;
using MPI;

namespace Mofo.ML.Distributed.Messages;

/// <summary>The operations that all ranks carry out together, on memory of this process.</summary>
internal sealed unsafe class Collectives(MpiProcess process)
{
    /// <summary>Bytes in one message: MPI counts with 32 bits.</summary>
    private const int Piece = 1 << 30;

    private static readonly nint InPlace = -1; // MPI_IN_PLACE

    /// <summary>Sums of few values, the same bits on all ranks.</summary>
    public void Sum(Span<double> values)
    {
        fixed (double* start = values)
        {
            var (address, count) = ((nint)start, values.Length);
            process.Run((out int request) => MpiCollectives.Iallreduce(InPlace, address, count, Unsafe.MPI_DOUBLE, Unsafe.MPI_SUM, process.Collective, out request));
        }
    }

    /// <summary>Sums of many values: all ranks come together first without haste, then the data moves as fast as it can.</summary>
    public void SumFloats(nint address, long count)
    {
        Meet();
        for (long start = 0; start < count; start += Piece)
        {
            var (from, length) = (address + (nint)(start * sizeof(float)), (int)Math.Min(Piece, count - start));
            process.Run((out int request) => MpiCollectives.Iallreduce(InPlace, from, length, Unsafe.MPI_FLOAT, Unsafe.MPI_SUM, process.Collective, out request), urgent: true);
        }
    }

    /// <summary>Sends piece r of this rank's bytes to rank r, for every r; piece s of the result comes from rank s.</summary>
    public void Exchange(nint send, nint receive, int pieceBytes)
    {
        Meet();
        process.Run((out int request) => MpiCollectives.Ialltoall(send, pieceBytes, Unsafe.MPI_BYTE, receive, pieceBytes, Unsafe.MPI_BYTE, process.Collective, out request), urgent: true);
    }

    /// <summary>One piece of every rank, by rank, on all ranks.</summary>
    public void Collect(nint send, nint receive, int pieceBytes) => process.Run(
        (out int request) => MpiCollectives.Iallgather(send, pieceBytes, Unsafe.MPI_BYTE, receive, pieceBytes, Unsafe.MPI_BYTE, process.Collective, out request), urgent: true);

    /// <summary>The bytes of one rank, on all ranks.</summary>
    public void Broadcast(Span<byte> bytes, int from = 0)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length; done += Piece)
            {
                var (address, length) = ((nint)(start + done), Math.Min(Piece, bytes.Length - done));
                process.Run((out int request) => MpiCollectives.Ibcast(address, length, Unsafe.MPI_BYTE, from, process.Collective, out request));
            }
        }
    }

    /// <summary>The bytes of every rank, by rank, on all ranks.</summary>
    public byte[][] Gather(byte[] own)
    {
        var lengths = new double[process.Size];
        lengths[process.Rank] = own.Length;
        Sum(lengths);
        return [.. lengths.Select((length, rank) =>
        {
            var bytes = rank == process.Rank ? own : new byte[(int)length];
            Broadcast(bytes, rank);
            return bytes;
        })];
    }

    /// <summary>The text of every rank, by rank, on all ranks.</summary>
    public string[] Gather(string own) => Array.ConvertAll(Gather(Encoding.UTF8.GetBytes(own)), Encoding.UTF8.GetString);

    private void Meet() => process.Run((out int request) => MpiCollectives.Ibarrier(process.Collective, out request));
}
