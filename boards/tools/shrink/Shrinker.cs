using System.Collections.Generic;

namespace MatterNano.Shrink;

/// <summary>The steps in their order.</summary>
internal static class Shrinker
{
    /// <summary>Reads, shrinks and writes.</summary>
    /// <returns>A line that tells what went.</returns>
    /// <exception cref="ShrinkException">Something is not understood.</exception>
    public static string Run(ShrinkOptions options)
    {
        using Image image = Image.Load(options);
        int before = image.MethodCount;
        Metadata.Strip(image);
        Reachability.Sweep(image);
        if (!options.KeepCalls)
        {
            Constructors.DropObjectCalls(image);
            Signatures.WidenLocals(image);
            // What is inlined leaves methods that nobody calls, and those leave others.
            for (int round = 0; round < 16; round++)
            {
                VirtualMethods.Seal(image);
                bool changed = Inliner.Run(image);
                Reachability.Sweep(image);
                if (!changed)
                {
                    changed = Absorber.Run(image);
                    Reachability.Sweep(image);
                }

                if (!changed)
                {
                    break;
                }
            }

            Repeats.Run(image);
            Locals.Sort(image);
        }

        Metadata.Publish(image);
        NameMap map = NameMap.Of(image);
        int names = options.KeepNames ? 0 : Renamer.Run(image);
        image.Write();
        if (options.Map != null)
        {
            map.Write(options.Map);
        }

        return $"shrunk: {before} methods, {image.MethodCount} stay; {names} names given";
    }
}
