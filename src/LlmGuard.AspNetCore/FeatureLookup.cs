using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore;

/// <summary>
/// Features by their type. <see cref="IFeatureCollection.Get{TFeature}"/> is a generic method of an interface, whose code every call has to be looked
/// up for; the indexer is a call like any other, and every guarded request asks for several features.
/// </summary>
internal static class FeatureLookup
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T? Find<T>(this IFeatureCollection features)
        where T : class => (T?)features[typeof(T)];
}
