using System.Diagnostics;
using ActionRecognition.Rendering;

var clock = Stopwatch.StartNew();
var folder = args.Length > 0 ? args[0] : Path.Combine("results", "clips");
var fresh = RenderedDataSet.Ensure(folder, new DataSetOptions());
Console.WriteLine($"{(fresh ? "Rendered" : "Found")} {folder} in {clock.Elapsed.TotalSeconds:0.0} s");
