namespace Mofo.ML.Transforms.Video.Containers;

/// <summary>The Video element of a Matroska track: size, interlacing, transparency, colours, orientation (RFC 9559, 5.1.4.1.28).</summary>
internal static class MatroskaVideo
{
    private const uint FlagInterlaced = 0x9A;
    private const uint AlphaMode = 0x53C0;
    private const uint PixelWidth = 0xB0;
    private const uint PixelHeight = 0xBA;
    private const uint Colour = 0x55B0;
    private const uint MatrixCoefficients = 0x55B1;
    private const uint TransferCharacteristics = 0x55BA;
    private const uint Range = 0x55B9;
    private const uint Projection = 0x7670;
    private const uint ProjectionPoseYaw = 0x7673;
    private const uint ProjectionPoseRoll = 0x7675;
    private const int Unspecified = 2;

    public static ContainerFacts Read(EbmlElements elements, EbmlElement video, ContainerFacts facts)
    {
        foreach (var element in elements.In(video))
        {
            var number = (int)Math.Min(int.MaxValue, element.Id is Colour or Projection ? 0 : elements.Number(element));
            facts = element.Id switch
            {
                FlagInterlaced => facts with { Interlaced = number == 1 },
                AlphaMode => facts with { Alpha = number == 1 },
                PixelWidth => facts with { Size = (number, facts.Size.Height) },
                PixelHeight => facts with { Size = (facts.Size.Width, number) },
                Colour => facts with { Colours = Colours(elements, element) },
                Projection => facts with { Orientation = Orientation(elements, element) },
                _ => facts,
            };
        }

        return facts;
    }

    private static ColourTags Colours(EbmlElements elements, EbmlElement colour)
    {
        var tags = new ColourTags(Unspecified, Unspecified, null);
        foreach (var element in elements.In(colour))
        {
            var number = (int)Math.Min(255, elements.Number(element));
            tags = element.Id switch
            {
                MatrixCoefficients => tags with { Matrix = number },
                TransferCharacteristics => tags with { Transfer = number },
                Range => tags with { FullRange = number switch { 1 => false, 2 => true, _ => null } },
                _ => tags,
            };
        }

        return tags;
    }

    // A flat picture is turned by its roll, counter-clockwise; a yaw of half a turn mirrors it, as FFmpeg reads and writes it.
    private static PictureOrientation? Orientation(EbmlElements elements, EbmlElement projection)
    {
        var (roll, mirrored) = (0.0, false);
        foreach (var element in elements.In(projection))
        {
            roll = element.Id == ProjectionPoseRoll ? elements.Float(element) : roll;
            mirrored |= element.Id == ProjectionPoseYaw && Math.Abs(elements.Float(element)) == 180;
        }

        return mirrored && roll % 90 == 0 ? PictureOrientation.OfRotation((int)-roll).AfterMirror() : null;
    }
}
