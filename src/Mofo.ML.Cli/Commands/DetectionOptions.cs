using System.CommandLine;
using Mofo.ML.Cli.Options;
using Mofo.ML.Cli.Running;
using Mofo.ML.Transforms;

namespace Mofo.ML.Cli.Commands;

/// <summary>The motion detector's settings: a preset, and every option of its class.</summary>
internal sealed class DetectionOptions
{
    /// <summary>Leaves the choice to the command: tight boxes for each frame for small networks, the paper's for others.</summary>
    public const string Auto = "auto";

    private static readonly Dictionary<string, Func<MotionDetectionOptions>> Presets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["paper"] = () => new MotionDetectionOptions(),
        ["box-paths"] = () => MotionDetectionOptions.BoxPaths,
        ["something-something"] = () => MotionDetectionOptions.SomethingSomething,
        ["epic-kitchens"] = () => MotionDetectionOptions.EpicKitchens,
    };

    private readonly OptionGroup<MotionDetectionOptions> _group;
    private readonly bool _hasAuto;

    /// <param name="shared">Options of other groups by name.</param>
    /// <param name="hasAuto">Whether the command can choose a preset by itself.</param>
    public DetectionOptions(Dictionary<string, Option> shared, bool hasAuto = false)
    {
        _hasAuto = hasAuto;
        string[] names = [.. hasAuto ? [Auto] : (string[])[], .. Presets.Keys];
        Preset = new Option<string>("--detection")
        {
            Description = $"Settings that the options of the motion detector start from: {string.Join(", ", names)}." + (hasAuto ? " 'auto' takes box-paths (a tight box for each frame) for small networks, else paper." : ""),
            HelpName = "name",
            DefaultValueFactory = _ => names[0],
        };
        Preset.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, names);
        _group = new OptionGroup<MotionDetectionOptions>(new MotionDetectionOptions(), shared);
    }

    public Option<string> Preset { get; }

    public IEnumerable<Symbol> Symbols => [Preset, .. _group.Symbols];

    /// <summary>The effective settings.</summary>
    /// <param name="run">What was given.</param>
    /// <param name="suited">The preset that "auto" stands for.</param>
    /// <exception cref="MofoOptionsException">A value is out of its range.</exception>
    public MotionDetectionOptions Read(CommandRun run, string suited = "paper")
    {
        var preset = run.Value(Preset)!;
        var options = _group.Apply(run.Parsed, Presets[_hasAuto && preset.Equals(Auto, StringComparison.OrdinalIgnoreCase) ? suited : preset]());
        options.CancellationToken = run.Cancel;
        options.Validate();
        return options;
    }

    /// <summary>All values as text, by the names of their options.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values(MotionDetectionOptions options) => _group.Values(options);
}
