using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>A server cluster: derive from it, describe the elements in table methods, read and write the values, obey the commands.</summary>
/// <remarks>
/// <para>
/// <b>Tables</b> are <c>switch</c> statements over an index that return packed descriptions (<see cref="Element"/>), so
/// they live in code and cost no memory: <see cref="GetAttribute"/>, <see cref="GetCommand"/>, <see cref="GetEvent"/>,
/// each ending with <see cref="Element.End"/>. The five global attributes are made from them by the engine.
/// </para>
/// <para>
/// <b>The engine has already checked</b> that the endpoint, cluster and element exist, access, timed rules, fabric scope
/// and data versions, and that the message is well-formed TLV, when it calls a member here. What is left to the
/// cluster: type (<see cref="Status.InvalidDataType"/>; in command fields <see cref="Status.InvalidCommand"/>), range
/// (<see cref="Status.ConstraintError"/>) and state of the value.
/// </para>
/// <para>
/// <b>Every change of a value</b>, whoever makes it, is followed by <see cref="SetChanged"/>: it raises the data version
/// and reports to subscribers at the next turn of the loop. Do not call it when the value stayed the same.
/// </para>
/// <para>
/// <b>Threads:</b> all members run on the protocol loop. Readers, writers and contexts passed in belong to the engine and
/// are valid during the call only (an <see cref="InvokeContext"/> until it is completed).
/// </para>
/// </remarks>
/// <example>
/// <code>
/// internal sealed class OnOffCluster : Cluster
/// {
///     private bool _on;
///     internal OnOffCluster() : base(0x0006) { }
///     public override int Revision { get { return 6; } }
///     public override uint GetAttribute(int index)
///     {
///         return index == 0 ? 0x0000 | Element.ReadView : Element.End;
///     }
///     public override uint GetCommand(int index)
///     {
///         switch (index)
///         {
///             case 0: return 0x00 | Element.InvokeOperate;
///             case 1: return 0x01 | Element.InvokeOperate;
///             default: return Element.End;
///         }
///     }
///     public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
///     {
///         writer.PutBoolean(tag, _on);
///         return Status.Success;
///     }
///     public override int Invoke(uint command, TlvReader fields, InvokeContext context)
///     {
///         Set(command == 0x01);
///         return Status.Success;
///     }
///     internal void Set(bool on)
///     {
///         if (_on != on) { _on = on; SetChanged(0x0000); }
///     }
/// }
/// </code>
/// </example>
public abstract class Cluster
{
    /// <summary>Context tag of the FabricIndex field of a fabric-scoped structure; the cluster writes it itself, last.</summary>
    public const uint FabricIndexTag = 254;

    // Id, and in the upper half the place in the node's numbering of all clusters: on nanoCLR a field is 12 bytes, whatever it holds.
    private ulong _key;
    private EndpointDefinition _endpoint;

    /// <summary>Makes a cluster; it works once it has been added to an endpoint of a node.</summary>
    /// <param name="id">Cluster id.</param>
    protected Cluster(uint id)
    {
        _key = id;
    }

    /// <summary>Cluster id.</summary>
    public uint Id
    {
        get { return (uint)(_key & 0xffffffff); }
    }

    /// <summary>Endpoint that the cluster is on; null until <see cref="EndpointDefinition.Add"/>.</summary>
    public EndpointDefinition Endpoint
    {
        get { return _endpoint; }
    }

    /// <summary>The node; null until the endpoint has been added to one.</summary>
    public Node Node
    {
        get { return _endpoint == null ? null : _endpoint.Node; }
    }

    /// <summary>Data version (Core 7.10.3): random at start, 1 more at each change, wraps. 0 until the cluster is on a node.</summary>
    public uint DataVersion
    {
        get { return Node == null ? 0 : _endpoint.Node.Numbers[Ordinal * Node.NumbersPerCluster]; }
    }

    /// <summary>ClusterRevision: the revision of the cluster specification that is followed.</summary>
    public abstract int Revision { get; }

    /// <summary>FeatureMap.</summary>
    public virtual uint FeatureMap
    {
        get { return 0; }
    }

    // Place in the node's numbering of all clusters, for bit sets and tables.
    internal int Ordinal
    {
        get { return -1 & (int)(_key >> 32); }
    }

    // Change number of the last change, kept by the engine so that an unchanged cluster costs one comparison.
    internal uint LastChange
    {
        get { return _endpoint.Node.Numbers[(Ordinal * Node.NumbersPerCluster) + 1]; }
        set { _endpoint.Node.Numbers[(Ordinal * Node.NumbersPerCluster) + 1] = value; }
    }

    // Largest change number of this cluster that the engine no longer knows attribute by attribute.
    internal uint ForgottenChange
    {
        get { return _endpoint.Node.Numbers[(Ordinal * Node.NumbersPerCluster) + 2]; }
        set { _endpoint.Node.Numbers[(Ordinal * Node.NumbersPerCluster) + 2] = value; }
    }

    /// <summary>Table of attributes, without the global ones.</summary>
    /// <param name="index">0 and up.</param>
    /// <returns>
    /// Id with read privilege (none: write-only), write privilege (none: read-only) and flags List, FabricScoped, Timed,
    /// ChangesOmitted of <see cref="Element"/>; <see cref="Element.End"/> behind the last.
    /// </returns>
    public virtual uint GetAttribute(int index)
    {
        return Element.End;
    }

    /// <summary>Table of accepted commands.</summary>
    /// <param name="index">0 and up.</param>
    /// <returns>
    /// Id with invoke privilege, flags FabricScoped, Timed, and <see cref="Element.Response"/> of the response command if
    /// there is one; <see cref="Element.End"/> behind the last.
    /// </returns>
    public virtual uint GetCommand(int index)
    {
        return Element.End;
    }

    /// <summary>Table of events.</summary>
    /// <param name="index">0 and up.</param>
    /// <returns>Id with read privilege, priority, flag FabricScoped; <see cref="Element.End"/> behind the last.</returns>
    public virtual uint GetEvent(int index)
    {
        return Element.End;
    }

    /// <summary>Writes the value of an attribute that is not a list.</summary>
    /// <param name="attribute">An id of the table.</param>
    /// <param name="writer">Put exactly one element; running out of room is the engine's affair.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="context">Who reads.</param>
    /// <returns>Success; another status is reported in place of the value.</returns>
    public virtual int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        return Status.UnsupportedAttribute;
    }

    /// <summary>Number of items of a list attribute, of all fabrics.</summary>
    public virtual int GetListCount(uint attribute, InteractionContext context)
    {
        return 0;
    }

    /// <summary>Fabric that an item of a fabric-scoped list belongs to. A filtered read leaves out the others' items.</summary>
    /// <returns>1 to 254.</returns>
    public virtual int GetListItemFabric(uint attribute, int index)
    {
        return 0;
    }

    /// <summary>Writes one item of a list attribute.</summary>
    /// <param name="attribute">An id of the table with the List flag.</param>
    /// <param name="index">0 to count - 1.</param>
    /// <param name="writer">Put exactly one element; a large item may be asked for again when it did not fit.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="context">Who reads; an item of another fabric is written without its fabric-sensitive fields (<see cref="InteractionContext.ShowsSensitiveOf"/>).</param>
    public virtual void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        writer.PutNull(tag);
    }

    /// <summary>Takes a new value of an attribute that is not a list.</summary>
    /// <param name="attribute">An id of the table that is writable.</param>
    /// <param name="value">Stands on the value.</param>
    /// <param name="context">Who writes.</param>
    /// <returns>Success, or a status that says why nothing changed.</returns>
    public virtual int WriteAttribute(uint attribute, TlvReader value, InteractionContext context)
    {
        return Status.UnsupportedWrite;
    }

    /// <summary>Begins writing a list, which (that of the accessing fabric, if fabric-scoped) is empty from here on. A list is written as Begin, one Append an item, End, whatever form the message has.</summary>
    /// <param name="attribute">An id of the table that is writable, with the List flag.</param>
    /// <param name="context">Who writes.</param>
    /// <returns>Success, or the status of the whole write; then neither Append nor End follow.</returns>
    public virtual int BeginListWrite(uint attribute, InteractionContext context)
    {
        return Status.UnsupportedWrite;
    }

    /// <summary>Takes one item of a list being written.</summary>
    /// <param name="attribute">The attribute of BeginListWrite.</param>
    /// <param name="item">Stands on the item. A FabricIndex field in it is ignored: the accessing fabric counts.</param>
    /// <param name="context">Who writes.</param>
    /// <returns>Success, or the status of this item.</returns>
    public virtual int AppendListItem(uint attribute, TlvReader item, InteractionContext context)
    {
        return Status.UnsupportedWrite;
    }

    /// <summary>Ends writing a list: the place to store it and to call <see cref="SetChanged"/>.</summary>
    /// <param name="attribute">The attribute of BeginListWrite.</param>
    /// <param name="status">Success, or the first status that an item was refused with; the cluster may take back the whole write then.</param>
    /// <param name="context">Who writes.</param>
    /// <returns>Success or the status of the whole write; not asked for when an item failed.</returns>
    public virtual int EndListWrite(uint attribute, int status, InteractionContext context)
    {
        return status;
    }

    /// <summary>Obeys a command.</summary>
    /// <param name="command">An id of the command table.</param>
    /// <param name="fields">
    /// Stands before the first field: <c>while (fields.Next()) { if (fields.IsContextTag(0)) ... }</c>. Empty when the
    /// message has no fields. Valid during the call only, also for a pending command.
    /// </param>
    /// <param name="context">Who invokes, and the way to answer with a response command.</param>
    /// <returns>
    /// A status. Success after <see cref="InvokeContext.StartResponse"/> sends the response; without it, the status. For a
    /// cluster-specific status set <see cref="InvokeContext.ClusterStatus"/> and return <see cref="Status.Failure"/>.
    /// <see cref="Status.Pending"/>: the cluster calls <see cref="InvokeContext.Complete"/> later, exactly once.
    /// </returns>
    public virtual int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        return Status.UnsupportedCommand;
    }

    /// <summary>The answer to a command that set <see cref="InvokeContext.NotifyWhenSent"/> was acknowledged, or its exchange ended.</summary>
    /// <remarks>For what must wait until the answer is out: closing the very session, leaving the network, removing the fabric.</remarks>
    /// <param name="command">The command.</param>
    public virtual void ResponseSent(uint command)
    {
    }

    /// <summary>Timed work of the cluster. Called when due, and after <see cref="RequestProcess"/>.</summary>
    /// <param name="now">Monotonic milliseconds.</param>
    /// <returns>When to be called next; <see cref="long.MaxValue"/> for never.</returns>
    public virtual long Process(long now)
    {
        return long.MaxValue;
    }

    /// <summary>An attribute has a new value: raises the data version and reports to subscribers at the next turn of the loop.</summary>
    /// <param name="attribute">Attribute id.</param>
    protected void SetChanged(uint attribute)
    {
        Node node = Node;
        if (node != null)
        {
            node.Numbers[Ordinal * Node.NumbersPerCluster]++;
            node.OnChanged(this, attribute);
        }
    }

    /// <summary>Has <see cref="Process"/> called at the next turn of the loop.</summary>
    protected void RequestProcess()
    {
        Node node = Node;
        if (node != null)
        {
            node.RequestProcess();
        }
    }

    /// <summary>Begins recording an event; put the event's fields (context tags) into the writer, then call <see cref="EndEvent"/>.</summary>
    /// <param name="eventId">An id of the event table.</param>
    /// <param name="fabricIndex">Fabric of a fabric-sensitive event; 0 for all.</param>
    /// <returns>A writer inside the event's data structure. An event that does not fit is dropped and counted.</returns>
    /// <exception cref="System.InvalidOperationException">The cluster is not on a node yet.</exception>
    protected TlvWriter BeginEvent(uint eventId, int fabricIndex)
    {
        if (Node == null)
        {
            throw new System.InvalidOperationException();
        }

        return Node.Events.Begin(_endpoint.Number, Id, eventId, Element.GetPriority(FindEvent(eventId)), fabricIndex);
    }

    /// <summary>Ends recording an event.</summary>
    /// <returns>Its event number; <see cref="ulong.MaxValue"/> when it was dropped.</returns>
    protected ulong EndEvent()
    {
        return Node.Events.End();
    }

    internal void Attach(EndpointDefinition endpoint)
    {
        _endpoint = endpoint;
    }

    internal void SetOrdinal(int ordinal)
    {
        _key = (_key & 0xffffffff) | ((ulong)ordinal << 32);
    }

    internal uint FindAttribute(uint id)
    {
        if (id > 0xffff)
        {
            return Element.End;
        }

        for (int i = 0; ; i++)
        {
            uint element = GetAttribute(i);
            if (element == Element.End)
            {
                break;
            }

            if ((element & 0xffff) == id)
            {
                return element;
            }
        }

        if (id >= GlobalAttribute.GeneratedCommandList)
        {
            for (int i = 0; i < GlobalAttribute.Count; i++)
            {
                uint element = GlobalAttribute.Get(i);
                if ((element & 0xffff) == id)
                {
                    return element;
                }
            }
        }

        return Element.End;
    }

    internal uint FindCommand(uint id)
    {
        for (int i = 0; id <= 0xffff; i++)
        {
            uint element = GetCommand(i);
            if (element == Element.End || (element & 0xffff) == id)
            {
                return element;
            }
        }

        return Element.End;
    }

    internal uint FindEvent(uint id)
    {
        for (int i = 0; id <= 0xffff; i++)
        {
            uint element = GetEvent(i);
            if (element == Element.End || (element & 0xffff) == id)
            {
                return element;
            }
        }

        return Element.End;
    }
}
