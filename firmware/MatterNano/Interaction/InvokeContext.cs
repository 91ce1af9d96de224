using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>One command being obeyed: who invokes it and how it is answered. Pooled by the engine.</summary>
public abstract class InvokeContext : InteractionContext
{
    /// <summary>Cluster-specific status that goes with <see cref="Status.Failure"/> or <see cref="Status.Success"/>; -1 for none.</summary>
    public abstract int ClusterStatus { get; set; }

    /// <summary>Set by the cluster to have <see cref="Cluster.ResponseSent"/> called once the answer is out.</summary>
    public abstract bool NotifyWhenSent { get; set; }

    /// <summary>False once the exchange or session of a pending command is gone: the answer will go nowhere, effects may still be wanted. <see cref="Complete"/> is called all the same.</summary>
    public abstract bool IsAlive { get; }

    /// <summary>Starts the response command; the fields (context tags) are put into the returned writer and need no end.</summary>
    /// <param name="command">Response command id, the one of the command table.</param>
    /// <returns>A writer inside the fields structure. Running out of room answers ResourceExhausted.</returns>
    public abstract TlvWriter StartResponse(uint command);

    /// <summary>Answers a command that returned <see cref="Status.Pending"/>, exactly once, on the protocol loop.</summary>
    /// <param name="status">As Invoke would have returned it.</param>
    public abstract void Complete(int status);
}
