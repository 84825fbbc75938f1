namespace Mofo.ML.Cli.Commands;

/// <summary>All commands, in the order of the work.</summary>
internal static class CommandList
{
    public static IEnumerable<CommandShape> All() =>
    [
        DoctorCommand.New(),
        CheckCommand.New(),
        DetectCommand.New(),
        DrawCommand.New(),
        PretrainCommand.New(),
        FinetuneCommand.New(),
        EvaluateCommand.New(),
        PredictCommand.New(),
        FeaturesCommand.New(),
        ReconstructCommand.New(),
        ExplainCommand.New(),
        ConvertCommand.New(),
        ServeCommand.New(),
        CompletionCommand.New(),
    ];
}
