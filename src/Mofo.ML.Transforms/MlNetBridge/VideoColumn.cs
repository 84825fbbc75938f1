using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mofo.ML.Transforms.MlNetBridge;

/// <summary>The column with the videos: text holds paths, a vector of Byte the content of video files.</summary>
internal static class VideoColumn
{
    public const string Expected = "String, or Vector<Byte> with the content of a video file";

    public static bool Fits(DataViewType type) => type is TextDataViewType || HoldsBytes(type);

    public static bool Fits(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar
        ? column.ItemType is TextDataViewType
        : column.ItemType == NumberDataViewType.Byte;

    /// <summary>A function that gives the path of the video where the cursor stands, and who keeps the file there; null for a file of the user's.</summary>
    public static Func<(string Path, object? Owner)> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (HoldsBytes(column.Type))
        {
            return Files(row.GetGetter<VBuffer<byte>>(column));
        }

        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        var text = default(ReadOnlyMemory<char>);
        return () =>
        {
            get(ref text);
            return (text.ToString(), null);
        };
    }

    /// <summary>The same content again, as several columns of one row ask for it, is the same file.</summary>
    private static Func<(string Path, object? Owner)> Files(ValueGetter<VBuffer<byte>> get)
    {
        var buffer = default(VBuffer<byte>);
        var video = (TemporaryVideo?)null;
        return () =>
        {
            get(ref buffer);
            byte[] bytes = [.. buffer.DenseValues()];
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (video?.Content != hash)
            {
                video = TemporaryVideo.FromBytes(bytes, hash);
            }

            return (video.Path, video);
        };
    }

    private static bool HoldsBytes(DataViewType type) => type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Byte;
}
