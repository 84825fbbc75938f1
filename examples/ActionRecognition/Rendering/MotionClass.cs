namespace ActionRecognition.Rendering;

/// <summary>What happens in a clip: motions in the manner of Something-Something, told apart by movement and not by looks.</summary>
internal enum MotionClass
{
    MovedLeft,
    MovedRight,
    MovedUp,
    MovedDown,
    MovedTowardsCamera,
    MovedAwayFromCamera,
    TurnedRound,
    TwoThingsMeeting,
    TwoThingsParting,
}

/// <summary>Names of the classes as they stand in classes.txt.</summary>
internal static class MotionClasses
{
    public static IReadOnlyList<MotionClass> All { get; } = Enum.GetValues<MotionClass>();

    public static string NameOf(MotionClass motion) => motion switch
    {
        MotionClass.MovedLeft => "moved_left",
        MotionClass.MovedRight => "moved_right",
        MotionClass.MovedUp => "moved_up",
        MotionClass.MovedDown => "moved_down",
        MotionClass.MovedTowardsCamera => "moved_towards_camera",
        MotionClass.MovedAwayFromCamera => "moved_away_from_camera",
        MotionClass.TurnedRound => "turned_round",
        MotionClass.TwoThingsMeeting => "two_things_meeting",
        MotionClass.TwoThingsParting => "two_things_parting",
        _ => throw new ArgumentOutOfRangeException(nameof(motion), motion, "There is no such class."),
    };
}
