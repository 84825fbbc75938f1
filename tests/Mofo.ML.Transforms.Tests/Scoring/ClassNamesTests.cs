using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Mofo.ML.Tests.Shared;
using Mofo.ML.Transforms.Scoring;

namespace Mofo.ML.Transforms.Tests.Scoring;

public class ClassNamesTests
{
    [Theory]
    [InlineData("comma")]
    [InlineData("invariant")]
    public void Keys_of_numbers_come_back_as_they_are(string culture)
    {
        CultureInfo.CurrentCulture = culture == "comma" ? TestCulture.Comma : CultureInfo.InvariantCulture;
        AssertKept([0.5f, 1.25f, -3e-20f, 1e20f]);
        AssertKept([0.1, 1.25, -1e300]);
        AssertKept([-7, 1_000_000, 0]);
        AssertKept([-7L, 1L << 60]);
        AssertKept([7u, uint.MaxValue]);
    }

    [Theory]
    [InlineData(nameof(Single), "0,5")]
    [InlineData(nameof(Double), "1.000,5")]
    [InlineData(nameof(Int32), "1,000")]
    [InlineData(nameof(Int64), "half")]
    public void Text_that_is_no_number_is_refused_and_not_read_as_another_one(string kind, string text)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        var error = Assert.Throws<FormatException>(() => new ClassNames(kind, [text]).AddTo(builder, "KeyValues"));
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
    }

    private static void AssertKept<T>(T[] keys)
    {
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable(keys.Select(key => new Row<T> { Label = key }));
        var label = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows).Schema["Label"];
        var builder = new DataViewSchema.Annotations.Builder();
        ClassNames.Of(label).AddTo(builder, "KeyValues");
        var read = default(VBuffer<T>);
        builder.ToAnnotations().GetValue("KeyValues", ref read);
        Assert.Equal(keys, read.DenseValues());
    }

    private sealed class Row<T>
    {
        public T Label { get; set; } = default!;
    }
}
