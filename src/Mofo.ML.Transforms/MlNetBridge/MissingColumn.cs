namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>What to say where an input column is missing: the name in ML.NET's words, and what makes such a column.</summary>
internal static class MissingColumn
{
    public static ArgumentOutOfRangeException Video(string parameter, string name) => new(
        parameter, $"Could not find video column '{name}'. mlContext.Data.LoadVideoList and LoadVideoFolder make a column VideoPath; give the name of another one as videoColumnName (inputColumnName in DetectMotion).");

    public static ArgumentOutOfRangeException Motion(string parameter, string name) => new(
        parameter, $"Could not find motion column '{name}'. Put mlContext.Transforms.DetectMotion() before this stage: it adds MotionBoxes; give the name of another column with boxes as motionColumnName.");
}
