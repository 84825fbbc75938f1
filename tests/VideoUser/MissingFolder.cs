using System.Runtime.CompilerServices;
using Mofo.ML.Transforms;

/// <summary>Asks for a video where the folder for temporary files is missing, and lets the garbage collector finalize what is left.</summary>
internal static class MissingFolder
{
    public static void Try()
    {
        MakeVideo();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine("finalized");
    }

    // A method of its own, so that no local variable keeps the object alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeVideo()
    {
        try
        {
            TemporaryVideo.FromBytes([1]).Dispose();
            Console.WriteLine("made");
        }
        catch (IOException)
        {
            Console.WriteLine("refused");
        }
    }
}
