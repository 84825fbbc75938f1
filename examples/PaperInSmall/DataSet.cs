using ActionRecognition.Evaluation;
using Microsoft.ML;

namespace PaperInSmall;

/// <summary>A labelled data set with motion boxes and labels as keys, and the clips to pretrain on.</summary>
internal sealed record DataSet(string Name, IDataView Train, IDataView Test, IReadOnlyList<ListedClip> TrainClips, IReadOnlyList<ListedClip> TestClips, Pool Pool);
