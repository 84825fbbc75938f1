using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Trainers.Finetuning;

/// <summary>The rows of a finetuning run, read once: those to learn from, with weights of mean 1, and those to validate on.</summary>
/// <param name="host">Receives what is left out for a reason that the user gave.</param>
/// <param name="inputs">Columns of videos and boxes.</param>
/// <param name="label">Column of classes.</param>
/// <param name="weight">Column of weights; null for equal ones.</param>
/// <param name="warn">Receives what is left out for another reason.</param>
internal sealed class FinetuningData(StageHost host, VideoInputs inputs, LabelColumn label, WeightColumn? weight, Action<string> warn)
{
    private const string Training = "training";
    private const string Validation = "validation";

    /// <summary>Checks all columns before any work.</summary>
    /// <returns>The label column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema.Column Check(DataViewSchema schema)
    {
        inputs.Check(schema);
        _ = weight?.Check(schema);
        return label.Check(schema);
    }

    /// <summary>Checks the columns of a pipeline's shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape.Column Check(SchemaShape shape)
    {
        inputs.Check(shape);
        weight?.Check(shape);
        return label.Check(shape);
    }

    /// <summary>Reads the view and, where there is one, the validation set.</summary>
    /// <exception cref="InvalidOperationException">No row has a label, or a weight cannot be used.</exception>
    public (List<TrainingRow> Train, List<TrainingRow> Validation) Read(IDataView input, MofoFinetuningOptions options, int seed, StageCancellation cancellation)
    {
        var classes = ClassNames.Of(label.Check(input.Schema));
        var rows = Labelled(input, Training, weight, cancellation);
        if (options.ValidationSet is { } set)
        {
            return (WithMeanOne(rows), ValidationRows(set, classes, cancellation));
        }

        var (train, validation) = ValidationSplit.Divide(rows, options.ValidationFraction, seed);
        if (options.ValidationFraction > 0 && validation.Count == 0)
        {
            warn(Invariant(
                $"{nameof(options.ValidationFraction)} is {options.ValidationFraction}, but no training row is held back: each of the {rows.Count} classes with rows has 1 row, which is learned from. There is no validation."));
        }

        return (WithMeanOne(train), validation);
    }

    /// <summary>Validation labels are matched by value: the set may have been mapped to keys by itself, in another order.</summary>
    private List<TrainingRow> ValidationRows(IDataView set, ClassNames classes, StageCancellation cancellation)
    {
        inputs.Check(set.Schema);
        var own = ClassNames.Of(label.Check(set.Schema));
        var places = classes.Values.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return Labelled(set, Validation, weights: null, cancellation).ConvertAll(row => places.TryGetValue(own.Values[row.Label], out var place)
            ? row with { Label = place }
            : throw new InvalidOperationException(Invariant($"Row {row.Source.Row} of the validation set has the label '{own.Values[row.Label]}', which no training row has.")));
    }

    /// <param name="data">The view.</param>
    /// <param name="kind">What messages call its rows.</param>
    /// <param name="weights">Weights, or null for equal ones.</param>
    /// <param name="cancellation">Stops the reading.</param>
    private List<TrainingRow> Labelled(IDataView data, string kind, WeightColumn? weights, StageCancellation cancellation)
    {
        var rows = TrainingRow.ReadAll(data, inputs, label.Name, weights, cancellation);
        var without = rows.RemoveAll(row => row.Label < 0);
        if (without > 0)
        {
            warn(Invariant($"{without} of {without + rows.Count} {kind} rows have no label and are left out{UnknownLabels(kind)}."));
        }

        var weightless = rows.RemoveAll(row => row.Weight == 0);
        if (weightless > 0)
        {
            host.Info(Invariant($"{weightless} of {weightless + rows.Count} {kind} rows have weight 0 and are left out."));
        }

        return rows.Count > 0 ? rows : throw new InvalidOperationException($"No {kind} row has a value in the label column '{label.Name}'{(weights is null ? "" : " and a weight above 0")}{UnknownLabels(kind)}.");
    }

    /// <summary>A mapping that was fitted on the training rows makes unknown labels missing.</summary>
    private static string UnknownLabels(string kind) => kind == Validation ? "; a label that no training row has counts as none" : "";

    /// <summary>Weights say how rows compare with one another; their scale must not act like another learning rate.</summary>
    private static List<TrainingRow> WithMeanOne(List<TrainingRow> rows)
    {
        var mean = rows.Average(row => (double)row.Weight);
        return rows.ConvertAll(row => row with { Weight = (float)(row.Weight / mean) });
    }
}
