using Mofo.ML.Transforms.OnnxScoring;

namespace Mofo.ML.Transforms.Tests.OnnxScoring;

public sealed class OnnxModelFileTests
{
    private static readonly string Root = Path.GetPathRoot(Path.GetFullPath("."))!;

    [Theory]
    [InlineData("")]
    [InlineData("models")]
    public void Files_with_weights_lie_in_the_folder_of_the_model_or_below(string folder)
    {
        var model = Path.Combine(Root, folder, "model.onnx");
        Assert.Equal(Path.Combine(Root, folder, "model.onnx.data"), OnnxModelFile.PathBeside(model, "model.onnx.data"));
        Assert.Equal(Path.Combine(Root, folder, "parts", "1.bin"), OnnxModelFile.PathBeside(model, "parts/1.bin"));
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("../models2/weights.bin")]
    [InlineData("parts/../../weights.bin")]
    public void Files_outside_the_folder_of_the_model_are_refused(string name)
    {
        var model = Path.Combine(Root, "models", "model.onnx");
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => OnnxModelFile.PathBeside(model, name)).Message);
        Assert.Throws<InvalidDataException>(() => OnnxModelFile.PathBeside(model, Path.Combine(Root, "weights.bin")));
    }
}
