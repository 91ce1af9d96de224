using System;

namespace MatterNano.Identity;

/// <summary>The public Matter test authorities. Everybody has their private keys, so a device issued under them proves nothing: for tests and development only.</summary>
/// <remarks>
/// From github.com/project-chip/connectedhomeip, Apache-2.0, Copyright Project CHIP Authors:
/// credentials/test/attestation/Chip-Test-PAA-NoVID-{Cert,Key}.pem and
/// credentials/test/certification-declaration/Chip-Test-CD-Signing-{Cert,Key}.pem. Vendor identifiers 0xFFF1 to 0xFFF4 are the test range.
/// </remarks>
public static class TestAuthorities
{
    /// <summary>First vendor identifier of the test range.</summary>
    public const int FirstTestVendor = 0xfff1;

    /// <summary>Last vendor identifier of the test range.</summary>
    public const int LastTestVendor = 0xfff4;

    private const string PaaCertificateHex =
        "3082019130820137a00302010202070b8fbaa8dd86ee300a06082a8648ce3d040302301a3118301606035504030c0f4d61747465722054657374205041413020"
        + "170d3231303632383134323334335a180f39393939313233313233353935395a301a3118301606035504030c0f4d617474657220546573742050414130593013"
        + "06072a8648ce3d020106082a8648ce3d0301070342000410ef02a81a87b68121fba8d31978f807a317e50aa8a828446828914b933de8edd4a5c39c9ff71a4ce3"
        + "647fd7f62653b7d2495fcba4c0f47f876880039e07204aa366306430120603551d130101ff040830060101ff020101300e0603551d0f0101ff04040302010630"
        + "1d0603551d0e04160414785ce705b86b8f4e6fc793aa60cb43ea696882d5301f0603551d23041830168014785ce705b86b8f4e6fc793aa60cb43ea696882d530"
        + "0a06082a8648ce3d0403020348003045022100b9efdb3ea06a52ec0bf01e61daed2c2d156ddb6cf014101dab798fac05fa47e5022060061d3e35d60d9d4b0d44"
        + "8dad7612f7e85c582e3fc312dc18794dd373715e5d";

    private const string PaaPrivateKeyHex = "e1f073c934853baffb38bf7e8bdad7a0a674107c7769892a0ff2e06c1a2ef7a7";

    private const string CdSignerCertificateHex =
        "308201b33082015aa003020102020845daf39de47aa08f300a06082a8648ce3d040302302b3129302706035504030c204d617474657220546573742043442053"
        + "69676e696e6720417574686f726974793020170d3231303632383134323334335a180f39393939313233313233353935395a302b3129302706035504030c204d"
        + "61747465722054657374204344205369676e696e6720417574686f726974793059301306072a8648ce3d020106082a8648ce3d030107034200043c398922452b"
        + "55caf389c25bd1bca4656952ccb90e8869249ad8474653014cbf95d687965e036b521c51037e6b8cedefca1eb44046694fa08882eed6519decbaa36630643012"
        + "0603551d130101ff040830060101ff020101300e0603551d0f0101ff040403020106301d0603551d0e0416041462fa823359acfaa9963e1cfa140addf504f371"
        + "60301f0603551d2304183016801462fa823359acfaa9963e1cfa140addf504f37160300a06082a8648ce3d040302034700304402202c545ce4e457d8a6f0d9d9"
        + "bbebd6ece1ddfe7f8c6d9a6cf375321fc6fac713840220540778e8743972527eedebaf58686220b54078f2cd4e62a76ae7cbb92ff54c8b";

    private const string CdSignerPrivateKeyHex = "aef3484116e9481ec57be0472df41bf499064e5024ad869eca5e889802d48075";

    /// <summary>Matter Test PAA without vendor identifier: X.509, DER.</summary>
    public static byte[] PaaCertificate
    {
        get { return Convert.FromHexString(PaaCertificateHex); }
    }

    /// <summary>Its private key, 32 bytes.</summary>
    public static byte[] PaaPrivateKey
    {
        get { return Convert.FromHexString(PaaPrivateKeyHex); }
    }

    /// <summary>Matter Test CD Signing Authority: X.509, DER.</summary>
    public static byte[] CdSignerCertificate
    {
        get { return Convert.FromHexString(CdSignerCertificateHex); }
    }

    /// <summary>Its private key, 32 bytes.</summary>
    public static byte[] CdSignerPrivateKey
    {
        get { return Convert.FromHexString(CdSignerPrivateKeyHex); }
    }
}
