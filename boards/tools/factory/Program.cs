using System;

namespace MatterNano.Factory;

/// <summary>Makes the identity of one device.</summary>
internal static class Program
{
    /// <returns>0 when made, 1 when it cannot be made, 2 for bad options.</returns>
    private static int Main(string[] args)
    {
        return FactoryOptions.Parse(args, options =>
        {
            try
            {
                DeviceMaker.Make(options, Console.WriteLine);
                return 0;
            }
            catch (FactoryException e)
            {
                Console.Error.WriteLine("factory: " + e.Message);
                return 1;
            }
        });
    }
}
