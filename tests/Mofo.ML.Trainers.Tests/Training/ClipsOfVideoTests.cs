using Mofo.ML.Trainers.Training.Feed;
using Mofo.ML.Transforms.Clips;

namespace Mofo.ML.Trainers.Tests.Training;

public sealed class ClipsOfVideoTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Clips_of_a_video_share_their_frames_where_asked_and_draw_their_own_otherwise(bool share)
    {
        var options = new MofoPretrainingOptions { ClipsPerVideo = 3, BatchSize = 3, ClipsShareFrames = share };
        var source = new Recorded();
        var draws = 0;
        var clips = ClipsOfVideo.Make(source, new ClipSource("video", default), options, _ => [++draws], clip =>
        {
            clip.Dispose();
            return new Nothing();
        });
        Assert.Equal(3, clips.Count);
        Assert.Equal(share ? [1, 1, 1] : [1, 2, 3], source.Views.Select(view => view[0]));
    }

    private sealed class Recorded : IClipSource
    {
        public int[][] Views { get; private set; } = [];

        public Clip[] ReadViews(ClipSource source, Func<int, int[][]> sample)
        {
            Views = sample(10);
            return Array.ConvertAll(Views, view => new Clip(view.Length, 4, 4));
        }
    }

    private sealed class Nothing : ITrainingClip
    {
        public string VideoPath => "video";

        public void Dispose()
        {
        }
    }
}
