using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;
using Mofo.ML.Transforms.VideoLists;

namespace Microsoft.ML;

/// <summary>Lists of videos as data views.</summary>
public static class MofoVideoListCatalog
{
    /// <summary>Reads a list of videos: <c>path label</c> per line, space, comma or tab between, quoted paths allowed, label optional.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="path">The list.</param>
    /// <param name="videoFolder">Folder that relative paths start from; null for the folder of the list.</param>
    /// <param name="classNamesPath">File of class names, one per line; labels that are line numbers (from 0) become names. Null keeps labels as they are.</param>
    /// <returns>A view with the columns <c>VideoPath</c> and <c>Label</c>, both text; a missing label is empty. Videos are not opened.</returns>
    /// <remarks>
    /// The first line may name the columns (<c>path,label</c>, <c>video_path,class</c>, in any order and beside others). Segments of long videos are given by the
    /// columns <c>start</c> and <c>end</c> (seconds or <c>h:mm:ss.fff</c>) or <c>start_frame</c> and <c>end_frame</c> (from 0, the end not included), or by an
    /// address instead of the path, <c>long.mp4#t=12.5,15</c>; <c>VideoPath</c> then holds the address (see <see cref="VideoSegment"/>). Lines that begin with <c>#</c> are
    /// comments unless they name a video. What is skipped is counted and named in the log of the <see cref="MLContext"/>.
    /// </remarks>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A line cannot be read, or the list is empty; the message names file and line.</exception>
    public static IDataView LoadVideoList(this DataOperationsCatalog catalog, string path, string? videoFolder = null, string? classNamesPath = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return View(catalog, VideoListReader.Read(path, videoFolder, classNamesPath, Log(catalog)));
    }

    /// <summary>Lists the videos below a folder that has one folder per class.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="root">The folder; names of its folders are the labels.</param>
    /// <returns>A view with the columns <c>VideoPath</c> and <c>Label</c>, both text, sorted by path. Videos are not opened.</returns>
    /// <remarks>
    /// The ending of a name decides what is a video (<c>.mp4</c>, <c>.MTS</c>, <c>.mkv</c> and other usual ones), and a folder of images without video files is one. What is
    /// skipped is counted and named in the log of the <see cref="MLContext"/>.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">The folder is missing.</exception>
    /// <exception cref="InvalidDataException">No class folder holds a video.</exception>
    public static IDataView LoadVideoFolder(this DataOperationsCatalog catalog, string root)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return View(catalog, VideoFolderReader.Read(root, Log(catalog)));
    }

    /// <summary>Lists videos that are named in any way: files, folders of images, folders of videos, folders with one folder per class, lists.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="paths">
    /// What to list, in this order. A file is a list where its name ends in <c>.csv</c>, <c>.txt</c>, <c>.tsv</c>, <c>.list</c> or <c>.lst</c>, else a video. A folder with video files in it
    /// stands for those, whatever images are beside them; one with images alone is one video; any other is read as <see cref="LoadVideoFolder"/> does. The address of a <see cref="VideoSegment"/> is a video too.
    /// </param>
    /// <param name="videoFolder">Folder that relative paths of lists start from; null for the folder of each list.</param>
    /// <param name="classNamesPath">File of class names for lists, as in <see cref="LoadVideoList"/>; null keeps labels as they are.</param>
    /// <returns>A view with the columns <c>VideoPath</c> (full paths) and <c>Label</c>, both text; a missing label is empty. Videos are not opened.</returns>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">A list cannot be read, a list or folder names no video, or there is no path at all.</exception>
    public static IDataView LoadVideos(this DataOperationsCatalog catalog, IEnumerable<string> paths, string? videoFolder = null, string? classNamesPath = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(paths);
        var rows = new NamedVideos(videoFolder, classNamesPath, Log(catalog)).Read(paths);
        return rows.Count > 0 ? View(catalog, rows) : throw new InvalidDataException("No video, list or folder is named.");
    }

    /// <summary>Reads the annotations of EPIC-KITCHENS-100 as they are published; no clips are extracted from the videos.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="annotationsPath">
    /// <c>EPIC_100_train.csv</c>, <c>EPIC_100_validation.csv</c> or <c>EPIC_100_test_timestamps.csv</c>; read are the columns <c>narration_id</c>, <c>participant_id</c>,
    /// <c>video_id</c>, <c>narration</c>, <c>start_timestamp</c>, <c>stop_timestamp</c>, <c>start_frame</c>, <c>stop_frame</c>, <c>verb</c>, <c>verb_class</c>, <c>noun</c> and <c>noun_class</c>.
    /// </param>
    /// <param name="videoFolder">The folder with the videos, up to four levels deep: files called by the video's id (<c>P01_01.MP4</c>), or folders of extracted frames called so.</param>
    /// <param name="label">What the label is.</param>
    /// <returns>
    /// A view with the text columns <c>VideoPath</c> (the address of the segment, see <see cref="VideoSegment"/>), <c>Label</c> (class numbers; empty in the test
    /// set), <c>NarrationId</c>, <c>ParticipantId</c>, <c>VideoId</c>, <c>Narration</c>, <c>Verb</c> and <c>Noun</c>. Videos are not opened.
    /// </returns>
    /// <remarks>The log of the <see cref="MLContext"/> counts and names videos that are not there.</remarks>
    /// <exception cref="FileNotFoundException">The annotations are missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder is missing.</exception>
    /// <exception cref="InvalidDataException">A column is missing or a value cannot be used; the message names file and line.</exception>
    public static IDataView LoadEpicKitchens(this DataOperationsCatalog catalog, string annotationsPath, string videoFolder, EpicLabel label = EpicLabel.Action)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(annotationsPath);
        ArgumentException.ThrowIfNullOrEmpty(videoFolder);
        return catalog.LoadFromEnumerable(EpicKitchensReader.Read(annotationsPath, videoFolder, label, Log(catalog)));
    }

    private static ListLog Log(DataOperationsCatalog catalog)
    {
        var host = new StageHost(StageHost.EnvironmentOf(catalog), "VideoLists");
        return new ListLog(host.Info, host.Warning);
    }

    private static IDataView View(DataOperationsCatalog catalog, IReadOnlyList<VideoListRow> rows) =>
        catalog.LoadFromEnumerable(rows.Select(row => new Row { VideoPath = row.VideoPath, Label = row.Label ?? "" }).ToList());

    private sealed class Row
    {
        public string VideoPath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
