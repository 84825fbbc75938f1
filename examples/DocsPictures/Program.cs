// Makes the pictures of the documentation again.
//
//   dotnet run -c Release --project examples/DocsPictures -- [--cyclist g1.avi] [--out docs/images]
//
// Without the cyclist's clip (docs/images/README.md says where it is from) the picture made from it stays as it is.
using ActionRecognition.Rendering;
using DocsPictures;

var (cyclist, folder) = ((string?)null, Path.Combine("docs", "images"));
for (var i = 0; i < args.Length; i += 2)
{
    switch (args[i], args.ElementAtOrDefault(i + 1))
    {
        case ("--cyclist", { } path): cyclist = path; break;
        case ("--out", { } path): folder = path; break;
        default:
            Console.Error.WriteLine("Usage: DocsPictures [--cyclist g1.avi] [--out docs/images]");
            return 2;
    }
}

Directory.CreateDirectory(folder);
var work = Path.Combine("results", "docs-pictures");
var clips = Path.Combine(work, "clips");
RenderedDataSet.Ensure(clips, new DataSetOptions { TrainClipsPerClass = 1, TestClipsPerClass = 1 });
string Clip(string motion) => Path.Combine(clips, File.ReadLines(Path.Combine(clips, "test.csv")).Select(line => line.Split(' ')[0]).First(path => path.Contains(motion)));
MotionPicture.Save(Clip("moved_left"), 5, 190, Path.Combine(folder, "motion-map.png"));
MaskPicture.Save(Clip("turned"), Path.Combine(folder, "masks.png"));
WhatWasLearned.Save(Clip("moved_left"), Path.Combine(folder, "reconstruction.png"));

if (cyclist is null)
{
    Console.WriteLine("motion.png stays as it is: --cyclist names no clip.");
    return 0;
}

MotionPicture.Save(cyclist, 4, 230, Path.Combine(folder, "motion.png"));
return 0;
