using Mofo.ML.Transforms.Video;

namespace Mofo.ML.Transforms.VideoLists;

/// <summary>Tells a folder whose pictures are the frames of one video from a folder of videos with pictures in it, such as a poster.</summary>
internal static class PictureFolder
{
    /// <summary>Whether the folder is one video: it has pictures, and there is no video file in it or in a folder of it. What a leading dot hides does not count.</summary>
    public static bool IsVideo(string folder) =>
        ImageFolderSource.HoldsImages(folder) && !HoldsVideos(folder) && !Directory.EnumerateDirectories(folder).Any(inner => IsVisible(inner) && HoldsVideos(inner));

    private static bool HoldsVideos(string folder) => Directory.EnumerateFiles(folder).Any(file => IsVisible(file) && VideoExtensions.Fits(file));

    private static bool IsVisible(string entry) => !Path.GetFileName(entry).StartsWith('.');
}
