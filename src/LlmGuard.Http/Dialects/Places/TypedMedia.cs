using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>Media whose type a member next to them tells: an image, sound, or any other file.</summary>
internal static class TypedMedia
{
    /// <summary>A place made once for every kind and chosen by the media type.</summary>
    /// <param name="mediaTypeOf">Reads the media type off the object.</param>
    /// <param name="make">Makes the place of a kind.</param>
    public static Place Of(Func<JsonWalk, int, string?> mediaTypeOf, Func<UninspectedKind, Place> make)
    {
        var (image, audio, file) = (make(UninspectedKind.Image), make(UninspectedKind.Audio), make(UninspectedKind.File));
        return new ChoicePlace((walk, token, _) => mediaTypeOf(walk, token) switch
        {
            { } type when type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => image,
            { } type when type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => audio,
            _ => file,
        });
    }
}
