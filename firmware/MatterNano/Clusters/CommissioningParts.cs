using MatterNano.Credentials;
using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;

namespace MatterNano.Clusters;

/// <summary>Everything that belongs to a fabric, in one place: read at start, undone by the fail-safe, dropped when the fabric goes.</summary>
/// <remarks>
/// The one listener through which RemoveFabric reaches sessions, resumption records, access control, group keys, groups, events and the
/// window. Whoever adds a fabric-scoped table adds it here.
/// </remarks>
public sealed class CommissioningParts : IFailSafeParts, IFabricListener
{
    private readonly IFlash _flash;
    private readonly FabricTable _fabrics;
    private readonly AccessControlList _access;
    private readonly GroupKeyStore _keys;
    private readonly GroupTable _groups;
    private readonly SessionManager _sessions;
    private readonly CommissioningWindow _window;
    private readonly EventLog _events;

    /// <summary>Creates the object and makes it a listener of the fabrics.</summary>
    /// <param name="flash">Where the records are.</param>
    /// <param name="fabrics">The node's fabrics.</param>
    /// <param name="access">The node's access control.</param>
    /// <param name="keys">The node's group keys.</param>
    /// <param name="groups">The node's groups.</param>
    /// <param name="sessions">The node's sessions.</param>
    /// <param name="window">The node's commissioning window.</param>
    /// <param name="events">The node's events.</param>
    public CommissioningParts(
        IFlash flash,
        FabricTable fabrics,
        AccessControlList access,
        GroupKeyStore keys,
        GroupTable groups,
        SessionManager sessions,
        CommissioningWindow window,
        EventLog events)
    {
        _flash = flash;
        _fabrics = fabrics;
        _access = access;
        _keys = keys;
        _groups = groups;
        _sessions = sessions;
        _window = window;
        _events = events;
        fabrics.AddListener(this);
    }

    internal AccessControlList Access
    {
        get { return _access; }
    }

    internal GroupKeyStore Keys
    {
        get { return _keys; }
    }

    internal GroupTable Groups
    {
        get { return _groups; }
    }

    /// <summary>Told of each change of the fail-safe; set before <see cref="FailSafe.Recover"/>.</summary>
    public GeneralCommissioningCluster General { get; set; }

    /// <summary>Keeps Location; set before <see cref="FailSafe.Recover"/>.</summary>
    public BasicInformationCluster Basic { get; set; }

    /// <summary>Keeps Networks; set before <see cref="FailSafe.Recover"/>.</summary>
    public NetworkCommissioningCluster Network { get; set; }

    /// <summary>Shows the trusted roots.</summary>
    internal OperationalCredentialsCluster Credentials { get; set; }

    /// <summary>Keeps subscriptions across a restart; set once it exists.</summary>
    public InteractionEngine Engine { get; set; }

    /// <summary>A session that outlives the removal of its fabric by one answer: the one RemoveFabric came on.</summary>
    internal SecureSession Deferred { get; set; }

    /// <summary>Reads what belongs to the fabrics, and deletes what a power cut left of a fabric that is gone. After FabricTable.Load.</summary>
    public void Load()
    {
        string[] names = _flash.List();
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            int index = ParseIndex(name, "acl.");
            if (index > 0)
            {
                if (!_fabrics.ContainsFabric(index))
                {
                    _flash.Delete(name);
                }
                else
                {
                    _access.Load(index);
                }
            }

            index = ParseIndex(name, "gkeys.");
            if (index > 0)
            {
                if (!_fabrics.ContainsFabric(index))
                {
                    _flash.Delete(name);
                }
                else
                {
                    _keys.Load(index);
                }
            }

            index = ParseIndex(name, "groups.");
            if (index > 0)
            {
                if (!_fabrics.ContainsFabric(index))
                {
                    _flash.Delete(name);
                }
                else
                {
                    _groups.Load(index);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void ClosePaseSessions()
    {
        for (SecureSession session = _sessions.GetPaseSession(); session != null; session = _sessions.GetPaseSession())
        {
            session.Destroy(true, false);
        }
    }

    /// <inheritdoc/>
    public void CloseCaseSessions(int fabricIndex)
    {
        _sessions.RemoveFabric(fabricIndex, null, true);
    }

    /// <inheritdoc/>
    public void RestoreNetworks()
    {
        if (Network != null)
        {
            Network.RestoreNetworks();
        }
    }

    /// <inheritdoc/>
    public void RevertFabric(int fabricIndex)
    {
        if (_fabrics.IsPendingUpdate)
        {
            _fabrics.Revert();
        }
    }

    /// <inheritdoc/>
    public void RemoveFabric(int fabricIndex)
    {
        Fabric pending = _fabrics.Pending;
        if (pending != null && pending.Index == fabricIndex && !_fabrics.IsPendingUpdate)
        {
            _fabrics.Revert();
        }
        else if (!_fabrics.Remove(fabricIndex))
        {
            RemoveScoped(fabricIndex);
        }
    }

    /// <inheritdoc/>
    public void DropPendingCredentials()
    {
        bool dropsRoot = _fabrics.HasPendingRoot && _fabrics.Pending == null;
        _fabrics.DropPendingCredentials();
        if (dropsRoot && Credentials != null)
        {
            Credentials.OnRootDropped();
        }
    }

    /// <inheritdoc/>
    public bool PrepareCommit()
    {
        return _fabrics.PrepareCommit() && (Network == null || Network.PrepareNetworks());
    }

    /// <inheritdoc/>
    public void Commit()
    {
        _fabrics.Commit();
        if (Network != null)
        {
            Network.CommitNetworks();
        }

        if (Basic != null)
        {
            Basic.CommitLocation();
        }
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
        _window.Close();

        // The answer on CASE first: commissioners that lose PASE before it call the commissioning failed.
        for (SecureSession session = _sessions.GetPaseSession(); session != null; session = _sessions.GetPaseSession())
        {
            _sessions.CloseAtNextTurn(session);
        }

        if (General != null)
        {
            General.CommitRegulatoryConfig();
        }
    }

    /// <inheritdoc/>
    public void OnFailSafeChanged(bool expired)
    {
        if (expired)
        {
            _window.CountFailure();
            if (Basic != null)
            {
                Basic.RevertLocation();
            }
        }

        if (General != null)
        {
            General.OnFailSafeChanged(expired);
        }
    }

    /// <inheritdoc/>
    public void OnFabricAdded(Fabric fabric)
    {
    }

    /// <inheritdoc/>
    public void OnFabricUpdated(Fabric fabric)
    {
        _sessions.UpdateFabricForResumptionRecords(fabric.Index);
    }

    /// <inheritdoc/>
    public void OnFabricCommitted(Fabric fabric)
    {
    }

    /// <inheritdoc/>
    public void OnFabricRemoved(Fabric fabric)
    {
        RemoveScoped(fabric.Index);
    }

    private void RemoveScoped(int fabricIndex)
    {
        _sessions.RemoveFabric(fabricIndex, Deferred, true);
        if (Engine != null)
        {
            Engine.RemoveFabric(fabricIndex);
        }

        _access.RemoveFabric(fabricIndex);
        _keys.RemoveFabric(fabricIndex);
        _groups.RemoveFabric(fabricIndex);
        _events.RemoveFabric(fabricIndex);
        _window.OnFabricRemoved(fabricIndex);
    }

    // The number behind a prefix; 0 when the name is another.
    private static int ParseIndex(string name, string prefix)
    {
        if (!name.StartsWith(prefix))
        {
            return 0;
        }

        int index = 0;
        for (int i = prefix.Length; i < name.Length; i++)
        {
            if (name[i] < '0' || name[i] > '9' || index > 254)
            {
                return 0;
            }

            index = (index * 10) + (name[i] - '0');
        }

        return index <= 254 ? index : 0;
    }
}
