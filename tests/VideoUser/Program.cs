// Looks at every file of a folder with the public API, in a process that a test can afford to lose.
// For each file it says its name before it begins, and then the number of frames or the reason why there are none.
// With "missing-folder" in place of a folder it does what MissingFolder says.
using Mofo.ML.Transforms;

if (args is ["missing-folder"])
{
    MissingFolder.Try();
    return;
}

// The smallest flow: what is tried here is the reading of files.
var detector = new MotionDetector(new MotionDetectionOptions { Flow = OpticalFlowAlgorithm.Farneback, FlowShortSide = 48, FlowThreads = 1 });
foreach (var path in Directory.GetFiles(args[0]).Order(StringComparer.Ordinal))
{
    Console.Write($"{Path.GetFileName(path)}\t");
    Console.Out.Flush();
    try
    {
        Console.WriteLine($"frames\t{detector.Detect(path).PerFrame.Count}");
    }
    catch (VideoException e)
    {
        // Any other exception ends the process, as a crash does.
        Console.WriteLine(e.File == path ? "refused\t" + e.Message.ReplaceLineEndings(" ") : $"wrong file\t{e.File}");
    }
}
