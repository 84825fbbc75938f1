using Mofo.ML.Transforms;
using Mofo.ML.Transforms.MlNetBridge;

namespace Microsoft.ML;

/// <summary>The motion stages of <c>mlContext.Transforms</c>.</summary>
public static class MofoMotionCatalog
{
    /// <summary>Finds the area that moves in every video: optical flow, motion map, motion boxes.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Name of the box column: a variable vector of Single, x1, y1, x2, y2 for every frame, pixels of the source frame.</param>
    /// <param name="inputColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is blank.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range, or a further column has the name of the box column; all are listed.</exception>
    public static MotionDetectionEstimator DetectMotion(
        this TransformsCatalog catalog, string outputColumnName = "MotionBoxes", string inputColumnName = "VideoPath", MotionDetectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MotionDetectionEstimator(StageHost.EnvironmentOf(catalog), ColumnPairs.Of(outputColumnName, inputColumnName), options);
    }

    /// <summary>Finds the area that moves in every video, with the default columns.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range, or a further column has the name of the box column; all are listed.</exception>
    public static MotionDetectionEstimator DetectMotion(this TransformsCatalog catalog, MotionDetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return catalog.DetectMotion("MotionBoxes", "VideoPath", options);
    }

    /// <summary>Finds the area that moves in the videos of several columns, with the default settings.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="columns">Pairs of a box column to add and the column that it is made of: text with the paths of videos, or a vector of Byte with the content of a video file.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">There is no pair, a name is blank, or two have one output column.</exception>
    public static MotionDetectionEstimator DetectMotion(this TransformsCatalog catalog, InputOutputColumnPair[] columns) =>
        catalog.DetectMotion(columns, new MotionDetectionOptions());

    /// <summary>Finds the area that moves in the videos of several columns.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="columns">Pairs of a box column to add and the column that it is made of: text with the paths of videos, or a vector of Byte with the content of a video file.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">There is no pair, a name is blank, or two have one output column.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range, or names a further column where there are several pairs or the box column has that name; all are listed.</exception>
    public static MotionDetectionEstimator DetectMotion(this TransformsCatalog catalog, InputOutputColumnPair[] columns, MotionDetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new MotionDetectionEstimator(StageHost.EnvironmentOf(catalog), ColumnPairs.Of(columns), options);
    }

    /// <summary>Gives the motion map of every video as an image, for people and for other pipelines.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Name of the image column (MLImage, grey).</param>
    /// <param name="inputColumnName">Name of the column with the videos: text with their paths, or a vector of Byte with the content of a video file.</param>
    /// <param name="options">Settings; null for the defaults: the mean over all frames, brightest place white.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is blank.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    public static MotionMapEstimator ExtractMotionMap(
        this TransformsCatalog catalog, string outputColumnName = "MotionMap", string inputColumnName = "VideoPath", MotionMapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MotionMapEstimator(StageHost.EnvironmentOf(catalog), ColumnPairs.Of(outputColumnName, inputColumnName), options);
    }

    /// <summary>Gives the motion map of every video as an image, with the default columns.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    public static MotionMapEstimator ExtractMotionMap(this TransformsCatalog catalog, MotionMapOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return catalog.ExtractMotionMap("MotionMap", "VideoPath", options);
    }

    /// <summary>Gives the motion maps of the videos of several columns as images, with the default settings.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="columns">Pairs of an image column to add and the column that it is made of: text with the paths of videos, or a vector of Byte with the content of a video file.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">There is no pair, a name is blank, or two have one output column.</exception>
    public static MotionMapEstimator ExtractMotionMap(this TransformsCatalog catalog, InputOutputColumnPair[] columns) =>
        catalog.ExtractMotionMap(columns, new MotionMapOptions());

    /// <summary>Gives the motion maps of the videos of several columns as images.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="columns">Pairs of an image column to add and the column that it is made of: text with the paths of videos, or a vector of Byte with the content of a video file.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">There is no pair, a name is blank, or two have one output column.</exception>
    /// <exception cref="MofoOptionsException">An option is out of its range; all are listed.</exception>
    public static MotionMapEstimator ExtractMotionMap(this TransformsCatalog catalog, InputOutputColumnPair[] columns, MotionMapOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new MotionMapEstimator(StageHost.EnvironmentOf(catalog), ColumnPairs.Of(columns), options);
    }
}
