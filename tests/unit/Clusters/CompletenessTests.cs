using MatterNano.Clusters;
using MatterNano.Devices;
using MatterNano.Interaction;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

/// <summary>Every element that Matter 1.4.1 makes mandatory is there, with its privileges and qualities, and every element there can be read.</summary>
[TestClass]
public class CompletenessTests
{
    // Attribute: id, read privilege, write privilege if any, L list, F fabric-scoped, C changes omitted.
    // Command: id, privilege, T timed, F fabric-scoped, >response. Event: id, privilege, d i c priority, F. Decimal ids.
    [TestMethod]
    public void RootNode_HasEveryElement_OfEachCluster()
    {
        ClusterRig rig = new ClusterRig();
        Check(rig, 0, 0x1d, 2, 0, "0VL 1VL 2VL 3VL ", "", "");
        Check(rig, 0, 0x1f, 2, 0, "0AALF 2V 3V 4V ", "", "0AiF ");
        Check(rig, 0, 0x28, 4, 0, "0V 1V 2V 3V 4V 5VM 6VA 7V 8V 9V 10V 18V 19V 21V 22V ", "", "0Vc 1Vc 2Vi ");
        Check(rig, 0, 0x30, 2, 0, "0VA 1V 2V 3V 4V ", "0A>1 2A>3 4AF>5 ", "");
        Check(rig, 0, 0x31, 2, 4, "0A 1AL 4VA 5A 6A 7A ", "", "");
        Check(rig, 0, 0x33, 2, 0, "0VL 1V 2VC 4V 8V ", "0M 1O>2 ", "3Vc ");
        Check(rig, 0, 0x3c, 1, 0, "0V 1V 2V ", "0AT 2AT ", "");
        Check(rig, 0, 0x3e, 1, 0, "0ALF 1VLF 2V 3V 4AL 5V ", "0A>1 2A>3 4A>5 6A>8 7AF>8 9AF>8 10A>8 11A ", "");
        Check(rig, 0, 0x3f, 2, 0, "0VMLF 1VLF 2V 3V ", "0AF 1AF>2 3AF 4AF>5 ", "");
        Assert.AreEqual("[{0:22,1:3}]", rig.Read(0, 0x1d, 0));
        Assert.AreEqual("[29,31,40,48,49,51,60,62,63]", rig.Read(0, 0x1d, 1));
        Assert.AreEqual("[]", rig.Read(0, 0x1d, 2));
        Assert.AreEqual("[1]", rig.Read(0, 0x1d, 3));
    }

    [TestMethod]
    public void OnOffLight_HasEveryElement_OfEachCluster()
    {
        ClusterRig rig = new ClusterRig();
        Check(rig, 1, 0x1d, 2, 0, "0VL 1VL 2VL 3VL ", "", "");
        Check(rig, 1, 0x03, 5, 0, "0VO 1V ", "0M 64M ", "");
        Check(rig, 1, 0x04, 4, 1, "0V ", "0MF>0 1OF>1 2OF>2 3MF>3 4MF 5MF ", "");
        Check(rig, 1, 0x06, 6, 1, "0V 16384V 16385VO 16386VO 16387VM ", "0O 1O 2O 64O 65O 66O ", "");
        Assert.AreEqual("[{0:256,1:3}]", rig.Read(1, 0x1d, 0));
        Assert.AreEqual("[29,3,4,6]", rig.Read(1, 0x1d, 1));
        Assert.AreEqual("[]", rig.Read(1, 0x1d, 3));
    }

    [TestMethod]
    public void OtherDevices_HaveTheirClusters()
    {
        FakeFlash flash = new FakeFlash();
        ClusterRig rig = new ClusterRig(flash);
        RootNodeSettings settings = new RootNodeSettings();
        settings.Devices = 3;
        settings.Device.SerialNumber = "7";
        settings.BasicCommissioningWindow = true;
        rig.Services.Window = new MatterNano.SecureChannel.CommissioningWindow(rig.Clock);
        RootNode root = new RootNode(rig.Services, settings);
        OnOffPlugInUnit plug = new OnOffPlugInUnit(root);
        ContactSensor contact = new ContactSensor(root);
        TemperatureSensor temperature = new TemperatureSensor(root, -4000, 12500);
        Assert.AreEqual("266/3 29 3 4 6 ", Shape(plug.Endpoint));
        Assert.AreEqual("21/2 29 3 69 ", Shape(contact.Endpoint));
        Assert.AreEqual("770/2 29 3 1026 ", Shape(temperature.Endpoint));
        Assert.AreEqual("0V ", Attributes(contact.State));
        Assert.AreEqual("0Vi ", Events(contact.State));
        Assert.AreEqual("0V 1V 2V ", Attributes(temperature.Temperature));
        Assert.AreEqual(1, contact.State.Revision);
        Assert.AreEqual(4, temperature.Temperature.Revision);
        Assert.AreEqual(12, root.Groups.Capacity);
        Assert.IsTrue(Attributes(root.BasicInformation).IndexOf(" 15V ") > 0, "a serial number that is there is listed");
        Cluster window = root.Node.FindCluster(0, 0x3c);
        Assert.AreEqual(1U, window.FeatureMap);
        Assert.AreEqual("0AT 2AT 1AT ", Commands(window));
    }

    [TestMethod]
    public void EveryAttribute_CanBeRead_BeforeAndAfterCommissioning()
    {
        ClusterRig rig = new ClusterRig();
        ReadAll(rig);
        rig.Commission(new TestAuthority(1, rig.Random), 4);
        ReadAll(rig);
    }

    private static void ReadAll(ClusterRig rig)
    {
        for (int i = 0; i < rig.Root.Node.EndpointCount; i++)
        {
            EndpointDefinition endpoint = rig.Root.Node.GetEndpoint(i);
            for (int j = 0; j < endpoint.ClusterCount; j++)
            {
                Cluster cluster = endpoint.GetCluster(j);
                for (int k = 0; cluster.GetAttribute(k) != Element.End; k++)
                {
                    uint element = cluster.GetAttribute(k);
                    string value = rig.Read(endpoint.Number, cluster.Id, Element.GetId(element));
                    bool isList = (element & Element.List) != 0;
                    Assert.IsFalse(value.Length == 0 || value == "nothing" || value.StartsWith("status"), cluster.Id + "/" + Element.GetId(element));
                    Assert.AreEqual(isList, value[0] == '[', cluster.Id + "/" + Element.GetId(element));
                }
            }
        }
    }

    private static void Check(ClusterRig rig, int endpoint, uint id, int revision, uint features, string attributes, string commands, string events)
    {
        Cluster cluster = rig.Find(endpoint, id);
        Assert.AreEqual(revision, cluster.Revision, "revision of " + id);
        Assert.AreEqual(features, cluster.FeatureMap, "features of " + id);
        Assert.AreEqual(attributes, Attributes(cluster), "attributes of " + id);
        Assert.AreEqual(commands, Commands(cluster), "commands of " + id);
        Assert.AreEqual(events, Events(cluster), "events of " + id);
    }

    private static string Shape(EndpointDefinition endpoint)
    {
        string shape = endpoint.GetDeviceType(0) + "/" + endpoint.GetDeviceTypeRevision(0) + " ";
        for (int i = 0; i < endpoint.ClusterCount; i++)
        {
            shape += endpoint.GetCluster(i).Id + " ";
        }

        return shape;
    }

    private static string Attributes(Cluster cluster)
    {
        string text = "";
        for (int i = 0; cluster.GetAttribute(i) != Element.End; i++)
        {
            uint element = cluster.GetAttribute(i);
            text += Element.GetId(element).ToString() + Letter(Element.GetPrivilege(element)) + Letter(Element.GetWritePrivilege(element))
                + ((element & Element.List) != 0 ? "L" : "")
                + ((element & Element.FabricScoped) != 0 ? "F" : "")
                + ((element & Element.Timed) != 0 ? "T" : "")
                + ((element & Element.ChangesOmitted) != 0 ? "C" : "") + " ";
        }

        return text;
    }

    private static string Commands(Cluster cluster)
    {
        string text = "";
        for (int i = 0; cluster.GetCommand(i) != Element.End; i++)
        {
            uint element = cluster.GetCommand(i);
            int response = Element.GetResponse(element);
            text += Element.GetId(element).ToString() + Letter(Element.GetPrivilege(element))
                + ((element & Element.Timed) != 0 ? "T" : "")
                + ((element & Element.FabricScoped) != 0 ? "F" : "")
                + (response < 0 ? "" : ">" + response) + " ";
        }

        return text;
    }

    private static string Events(Cluster cluster)
    {
        string text = "";
        for (int i = 0; cluster.GetEvent(i) != Element.End; i++)
        {
            uint element = cluster.GetEvent(i);
            text += Element.GetId(element).ToString() + Letter(Element.GetPrivilege(element)) + "dic"[Element.GetPriority(element)]
                + ((element & Element.FabricScoped) != 0 ? "F" : "") + " ";
        }

        return text;
    }

    private static string Letter(int privilege)
    {
        return privilege == Privilege.None ? "" : privilege == Privilege.View ? "V" : privilege == Privilege.Operate ? "O"
            : privilege == Privilege.Manage ? "M" : privilege == Privilege.Administer ? "A" : "?";
    }
}
