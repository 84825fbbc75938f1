using Mofo.ML.Trainers.Model.Layers;
using Mofo.ML.Transforms.Clips;
using TorchSharp;
using static TorchSharp.torch;

namespace Mofo.ML.Trainers.Training.Feed;

/// <summary>Crop, resize and flip of clips whose frames lie on a device, for a whole batch as two matrix products; rounded to bytes as the host's are.</summary>
/// <remarks>
/// Resizing is linear in the pixels: out = R frame C, with a row of R (a column of C) for each row (column) of the picture. Bilinear weights are a hat round the place,
/// (i + 1/2) scale - 1/2 clamped to the window; area weights are overlaps over the scale. Both as OpenCV's, which computes in fixed point: values may differ by 1.
/// </remarks>
internal static class CardCrops
{
    /// <summary>Fills the entries of a batch [B,T,H,W,3] uint8 that belong to clips on the device.</summary>
    /// <param name="clips">Clips of the batch and their places in it.</param>
    /// <param name="batch">Takes the crops.</param>
    public static void Write(IReadOnlyList<(int Place, DeferredPixels Pixels)> clips, Tensor batch)
    {
        foreach (var group in clips.GroupBy(clip => SizeOf(clip.Pixels)))
        {
            using var scope = NewDisposeScope();
            var alike = group.ToList();
            var crops = Crop([.. alike.Select(clip => Plan.Of(clip.Pixels))], (int)batch.shape[2], (int)batch.shape[3], batch.device);
            var toned = alike.Exists(clip => clip.Pixels.Edits.OfType<ToneEdit>().Any()) ? Toned(crops, alike) : crops;
            var places = tensor(alike.ConvertAll(clip => (long)clip.Place).ToArray()).SentTo(batch.device);
            _ = batch.index_copy_(0, places, toned.to(ScalarType.Byte));
        }
    }

    /// <summary>[G,T,H,W,3], each clip with its own changes of tone.</summary>
    private static Tensor Toned(Tensor crops, IReadOnlyList<(int Place, DeferredPixels Pixels)> clips) =>
        stack([.. clips.Select((clip, i) => clip.Pixels.Edits.OfType<ToneEdit>().Aggregate(crops.select(0, i).to(ScalarType.Float32), DeviceTones.Apply))]);

    private static (int Width, int Height) SizeOf(DeferredPixels pixels)
    {
        var video = (CardVideo)pixels.Frames;
        return (video.Width, video.Height);
    }

    /// <summary>[G,T,H,W,3] in whole values from 0 to 255.</summary>
    private static Tensor Crop(Plan[] plans, int height, int width, Device device)
    {
        using var scope = NewDisposeScope();
        var length = plans[0].Indices.Length;
        var frames = cat([.. plans.Select(plan => Frames(plan, device))]); // [G*T,H0,W0,3]
        var (count, fullHeight, fullWidth) = (plans.Length, frames.shape[1], frames.shape[2]);

        // Half precision holds 255 to an eighth, and its products run on the tensor cores; a CPU has none.
        var type = device.type == DeviceType.CPU ? ScalarType.Float32 : ScalarType.Float16;
        var rows = Weights([.. plans.Select(plan => plan.Down(height))], height, fullHeight, device).to(type); // [G,H,H0]
        var columns = Weights([.. plans.Select(plan => plan.Across(width))], width, fullWidth, device).to(type); // [G,W,W0]

        // Rows for each frame; then columns, with the channels kept apart by zeros: no step turns the pixels round, which takes longer than the products with zeros.
        var ofFrames = rows.unsqueeze(1).expand(count, length, height, fullHeight).reshape(count * length, height, fullHeight); // [G*T,H,H0]
        var byRow = ofFrames.bmm(frames.to(type).view(count * length, fullHeight, fullWidth * 3)); // [G*T,H,W0*3]
        var ofChannels = columns.transpose(1, 2).unsqueeze(2).unsqueeze(4) * eye(3, dtype: type, device: device).view(1, 1, 3, 1, 3); // [G,W0,3,W,3]
        var crops = byRow.view(count, length * height, fullWidth * 3).bmm(ofChannels.reshape(count, fullWidth * 3, width * 3)); // [G,T*H,W*3]
        return crops.round_().clamp_(KeptScalar.Of(0.0), KeptScalar.Of(255.0)).view(count, length, height, width, 3).MoveToOuterDisposeScope();
    }

    /// <summary>[T,H0,W0,3]: frames at equal distances are a view of the video, which costs nothing.</summary>
    private static Tensor Frames(Plan plan, Device device)
    {
        var indices = plan.Indices;
        var step = indices.Length > 1 ? indices[1] - indices[0] : 1;
        if (step > 0 && indices.Zip(indices.Skip(1)).All(pair => pair.Second - pair.First == step))
        {
            return plan.Video.Frames.slice(0, indices[0], indices[^1] + 1, step);
        }

        using var scope = NewDisposeScope();
        return plan.Video.Frames.index_select(0, tensor(Array.ConvertAll(indices, index => (long)index)).SentTo(device)).MoveToOuterDisposeScope();
    }

    /// <summary>[G,to,from] float32: each row adds up to 1.</summary>
    private static Tensor Weights(Axis[] axes, int to, long from, Device device)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(axes.SelectMany(axis => new[] { axis.First, axis.Step, axis.Start, axis.Size }).ToArray(), [axes.Length, 4, 1]).SentTo(device); // [G,4,1]
        Tensor Number(int which) => numbers.narrow(1, which, 1); // [G,1,1]
        var i = KeptScalar.Count(to, device).to(ScalarType.Float32).view(1, to, 1);
        var k = KeptScalar.Count(from, device).to(ScalarType.Float32).view(1, 1, from);
        var place = Number(0).Plus(Number(1) * i); // [G,to,1], in pixels of the window
        var last = Number(3) - ones_like(Number(3));
        var hat = (ones_like(place) - (k - Number(2) - place.clamp(zeros_like(last), last)).abs()).clamp_min(KeptScalar.Of(0.0)); // [G,to,from]
        if (!Array.Exists(axes, axis => axis.IsArea))
        {
            return hat.MoveToOuterDisposeScope();
        }

        var scale = Number(1).abs();
        var half = scale.mul(KeptScalar.Of(0.5));
        var (low, high) = (place.add(KeptScalar.Of(0.5), KeptScalar.One) - half, place.add(KeptScalar.Of(0.5), KeptScalar.One).Plus(half));
        var pixel = k - Number(2);
        var overlap = (high.minimum(pixel.add(KeptScalar.One, KeptScalar.One)) - low.maximum(pixel)).clamp_min(KeptScalar.Of(0.0)) / scale;
        var isArea = tensor(Array.ConvertAll(axes, axis => axis.IsArea), [axes.Length, 1, 1]).SentTo(device);
        return where(isArea, overlap, hat).MoveToOuterDisposeScope();
    }

    /// <summary>Places along one axis: First + Step i within the window, which begins at Start.</summary>
    private readonly record struct Axis(float First, float Step, float Start, float Size, bool IsArea);

    /// <summary>One clip's frames, window and direction.</summary>
    private readonly record struct Plan(CardVideo Video, int[] Indices, CropWindow Window, bool IsFlipped, bool IsArea)
    {
        public static Plan Of(DeferredPixels pixels)
        {
            var video = (CardVideo)pixels.Frames;
            var crops = pixels.Edits.OfType<CropResizeEdit>().ToList();
            var crop = crops.Count switch
            {
                0 => new CropResizeEdit(new(0, 0, video.Width, video.Height), video.Width, video.Height),
                1 => crops[0],
                _ => throw new InvalidOperationException("Clips on a device are cut once."),
            };
            return new Plan(
                video, pixels.Indices, crop.Window, pixels.Edits.OfType<FlipEdit>().Count() % 2 == 1, FrameResampling.AveragesAreas(crop.Window, crop.Width, crop.Height));
        }

        public Axis Down(int height) => AxisOf(Window.Y, Window.Height, height, isFlipped: false);

        public Axis Across(int width) => AxisOf(Window.X, Window.Width, width, IsFlipped);

        private Axis AxisOf(int start, int size, int to, bool isFlipped)
        {
            var scale = (double)size / to;
            var first = isFlipped ? ((to - 0.5) * scale) - 0.5 : (0.5 * scale) - 0.5;
            return new Axis((float)first, (float)(isFlipped ? -scale : scale), start, size, IsArea);
        }
    }
}
