namespace ServeWithOnnx;

/// <summary>Bounds how many uploads are received at once. Where all places are taken, the slowest upload has to go, so that slow senders cannot keep everybody out.</summary>
internal sealed class UploadPlaces(ServiceSettings settings)
{
    /// <summary>An upload younger than this is not judged yet.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<UploadPlace> _taken = [];

    /// <summary>Uploads that are being received.</summary>
    public int Taken
    {
        get
        {
            lock (_gate)
            {
                return _taken.Count;
            }
        }
    }

    /// <summary>A place, or null where all are taken by uploads that have only just begun.</summary>
    public UploadPlace? Take()
    {
        lock (_gate)
        {
            if (_taken.Count >= settings.Uploads)
            {
                var slowest = _taken.Where(place => place.Age >= Grace).MinBy(place => place.BytesPerSecond);
                if (slowest is null)
                {
                    return null;
                }

                _ = _taken.Remove(slowest);
                slowest.CutOff();
            }

            var place = new UploadPlace(Leave);
            _ = _taken.Add(place);
            return place;
        }
    }

    private void Leave(UploadPlace place)
    {
        lock (_gate)
        {
            _ = _taken.Remove(place);
        }
    }
}
