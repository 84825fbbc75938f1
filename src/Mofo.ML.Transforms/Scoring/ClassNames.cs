using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.Scoring;

/// <summary>The values behind a label key: text or numbers, as the label column had them, kept so that predictions map back to them.</summary>
/// <param name="Kind">Name of the .NET type of a value; <c>String</c> for text.</param>
/// <param name="Values">The values as text, in key order.</param>
internal sealed record ClassNames(string Kind, IReadOnlyList<string> Values)
{
    private const string KeyValues = "KeyValues";

    private static readonly CultureInfo Invariantly = CultureInfo.InvariantCulture;

    public int Count => Values.Count;

    /// <summary>ML.NET's type of a value.</summary>
    [JsonIgnore]
    public PrimitiveDataViewType ItemType => Kind switch
    {
        nameof(String) => TextDataViewType.Instance,
        nameof(Single) => NumberDataViewType.Single,
        nameof(Double) => NumberDataViewType.Double,
        nameof(Int32) => NumberDataViewType.Int32,
        nameof(UInt32) => NumberDataViewType.UInt32,
        nameof(Int64) => NumberDataViewType.Int64,
        nameof(Boolean) => BooleanDataViewType.Instance,
        _ => throw Unknown(),
    };

    /// <summary>Reads the key values of a label column; keys without values are named by their number, from 0.</summary>
    /// <exception cref="ArgumentException">The key values are of a type that is not kept.</exception>
    public static ClassNames Of(DataViewSchema.Column label)
    {
        var count = checked((int)((KeyDataViewType)label.Type).Count);
        if (label.Annotations.Schema.GetColumnOrNull(KeyValues) is not { Type: VectorDataViewType { ItemType: var item } })
        {
            return new ClassNames(nameof(String), [.. Enumerable.Range(0, count).Select(i => i.ToString(Invariantly))]);
        }

        return item switch
        {
            TextDataViewType => Read<ReadOnlyMemory<char>>(label, nameof(String), v => v.ToString()),
            _ when item.RawType == typeof(float) => Read<float>(label, nameof(Single), v => v.ToString("R", Invariantly)),
            _ when item.RawType == typeof(double) => Read<double>(label, nameof(Double), v => v.ToString("R", Invariantly)),
            _ when item.RawType == typeof(int) => Read<int>(label, nameof(Int32), v => v.ToString(Invariantly)),
            _ when item.RawType == typeof(uint) => Read<uint>(label, nameof(UInt32), v => v.ToString(Invariantly)),
            _ when item.RawType == typeof(long) => Read<long>(label, nameof(Int64), v => v.ToString(Invariantly)),
            _ when item.RawType == typeof(bool) => Read<bool>(label, nameof(Boolean), v => v.ToString()),
            _ => throw new ArgumentException($"The label column '{label.Name}' has key values of type {item}; text, Single, Double, Int32, UInt32, Int64 or Boolean are kept.", nameof(label)),
        };
    }

    /// <summary>Adds the values in their own type under the given kind.</summary>
    public void AddTo(DataViewSchema.Annotations.Builder builder, string kind)
    {
        switch (Kind)
        {
            case nameof(String): AddText(builder, kind); break;
            case nameof(Single): Add(builder, kind, NumberDataViewType.Single, Number<float>); break;
            case nameof(Double): Add(builder, kind, NumberDataViewType.Double, Number<double>); break;
            case nameof(Int32): Add(builder, kind, NumberDataViewType.Int32, Number<int>); break;
            case nameof(UInt32): Add(builder, kind, NumberDataViewType.UInt32, Number<uint>); break;
            case nameof(Int64): Add(builder, kind, NumberDataViewType.Int64, Number<long>); break;
            case nameof(Boolean): Add(builder, kind, BooleanDataViewType.Instance, bool.Parse); break;
            default: throw Unknown();
        }
    }

    /// <summary>Checks names that come from a file.</summary>
    /// <exception cref="FormatException">There is no value, one is missing or not of its kind, or the kind is unknown.</exception>
    public void Validate()
    {
        if (Values.Count == 0 || Values.Any(value => value is null))
        {
            throw new FormatException("There must be at least one class, and none of them may be null.");
        }

        AddTo(new DataViewSchema.Annotations.Builder(), KeyValues);
    }

    /// <summary>Adds the values as text, as slot names must be.</summary>
    public void AddText(DataViewSchema.Annotations.Builder builder, string kind) => Add(builder, kind, TextDataViewType.Instance, text => text.AsMemory());

    // Without thousands separators: a damaged "0,5" is refused, never read as 5.
    private static T Number<T>(string text)
        where T : INumberBase<T> => T.TryParse(text, NumberStyles.Float, Invariantly, out var value)
            ? value
            : throw new FormatException($"The saved class name '{text}' is not a number of type {typeof(T).Name}.");

    private FormatException Unknown() => new($"The saved class names are of kind '{Kind}', which this version does not know.");

    private static ClassNames Read<T>(DataViewSchema.Column label, string kind, Func<T, string> text)
    {
        var values = default(VBuffer<T>);
        label.Annotations.GetValue(KeyValues, ref values);
        return new ClassNames(kind, [.. values.DenseValues().Select(text)]);
    }

    private void Add<T>(DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType type, Func<string, T> parse)
    {
        var values = Values.Select(parse).ToArray();
        builder.Add(kind, new VectorDataViewType(type, values.Length), (ref VBuffer<T> target) =>
        {
            var editor = VBufferEditor.Create(ref target, values.Length);
            values.CopyTo(editor.Values);
            target = editor.Commit();
        });
    }
}
