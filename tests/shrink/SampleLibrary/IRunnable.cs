namespace MatterNano.Sample;

public interface IRunnable
{
    string Run(int times);
}
